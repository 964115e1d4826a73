import { SiteInput } from '@tocsin/contract/api/sites'
import { SourceInput } from '@tocsin/contract/api/sources'
import type { SiteId } from '@tocsin/contract/ids'
import { createSite, setBaseline } from '@tocsin/domain/sites/sites'
import { createSource } from '@tocsin/domain/sources/sources'
import { createSecretBox } from '@tocsin/process/secret-box'
import { dataPass } from '../data-pass.ts'
import { DetectorEnv } from '../env.ts'
import { openOutside } from '../outside.ts'
import { registry } from '../rules/registry.ts'
import { sourcePass } from '../source-pass.ts'
import { sourceRegistry } from '../sources/registry.ts'
import type { Stage } from './life.ts'

const never = new AbortController().signal
export const [hourMs, dayMs] = [3_600_000, 86_400_000]

/** A site whose first scan was long ago. */
export async function knownSite({ world, orgId }: Stage, url = 'https://www.shop.com/'): Promise<SiteId> {
  return world.change(orgId, async (change) => {
    const { id: siteId } = await createSite(change, SiteInput.parse({ url }))
    await setBaseline(change, { siteId })
    return siteId
  })
}

/** Judges whatever was recorded. */
export async function judge({ world }: Stage): Promise<void> {
  while ((await dataPass({ ...world, registry }, never)) === 'worked');
}

export interface Connected {
  /** Time passes, the source is asked whenever it is due, and what it said is judged. */
  readonly pass: (ms: number) => Promise<void>
}

/** Connects a site to an outside API that stands where the environment says. The loops come round every six hours, if nobody wants them sooner. */
export async function connected(
  stage: Stage,
  of: { siteId: SiteId; env: Record<string, string>; source: { kind: string; config?: object; credentials: object | null } },
  roundMs = 6 * hourMs,
): Promise<Connected> {
  const { world, orgId, closing } = stage
  const { siteId, env } = of
  const outside = openOutside(world, DetectorEnv.parse(env))
  closing.defer(() => outside.close())
  const sourceBox = createSecretBox('a secret that only tests may know, 32+', 'source')
  const input = SourceInput.parse({ config: {}, ...of.source })
  await world.change(orgId, (change) => createSource(change, { siteId, input, box: sourceBox }))
  const deps = { ...world, sources: outside.sources, sourceBox, sourceRegistry }
  return {
    async pass(ms) {
      for (let passed = 0; passed < ms; passed += roundMs) {
        world.clock.advance(roundMs)
        while ((await sourcePass(deps, never)) === 'worked');
        await judge(stage)
      }
    },
  }
}
