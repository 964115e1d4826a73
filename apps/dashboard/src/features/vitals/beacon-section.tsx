import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getVitalsBeacon, rotateVitalsBeacon, updateVitalsBeacon, type VitalsBeacon } from '@tocsin/contract/api/vitals'
import type { SiteId } from '@tocsin/contract/ids'
import { useState } from 'react'
import { useSite } from '../../live/lists.ts'
import type { Refetched } from '../../live/refetches.ts'
import { useSigned } from '../../session.tsx'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { CopyLine } from '../../ui/copy-line.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { AreaField, TextField } from '../../ui/field.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { Empty, Section } from '../../ui/screen.tsx'
import { toast } from '../../ui/toasts.tsx'
import { text, useForm } from '../../ui/use-form.ts'
import { originDoubt, snippetOf } from './vitals-words.ts'

/** How the pages of a site report what their visitors measure. */
export function BeaconSection({ siteId }: { siteId: SiteId }) {
  const { client, org } = useSigned()
  const beacon = useQuery({
    queryKey: ['beacon' satisfies Refetched, org.id, siteId],
    queryFn: ({ signal }) => client.call(getVitalsBeacon, { params: { siteId }, signal }),
  })
  return (
    <Section title="Measuring script">
      <Loaded query={beacon} what="the measuring script">
        {(own) =>
          own.key === null ? <NoKey siteId={siteId} /> : <Script beacon={own} snippet={snippetOf(location.origin, own.key)} />
        }
      </Loaded>
    </Section>
  )
}

function useMakeKey(siteId: SiteId, onSettled?: () => void) {
  const { client, org } = useSigned()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: () => client.call(rotateVitalsBeacon, { params: { siteId } }),
    onSuccess: (beacon) => queries.setQueryData(['beacon' satisfies Refetched, org.id, siteId], beacon),
    ...(onSettled ? { onSettled } : {}),
  })
}

function NoKey({ siteId }: { siteId: SiteId }) {
  const { may } = useSigned()
  const make = useMakeKey(siteId)
  return (
    <Empty title="Let your visitors' browsers measure.">
      <p>A script of 3 KB tells how fast pages really are. It stores nothing, sets no cookie and knows nobody.</p>
      {may('write') ? (
        <p className="empty-action">
          <Button look="primary" icon="gauge" busy={make.isPending} onClick={() => make.mutate()}>
            Make the script
          </Button>
        </p>
      ) : (
        <p>An editor of this organisation can make it.</p>
      )}
    </Empty>
  )
}

function Script({ beacon, snippet }: { beacon: VitalsBeacon; snippet: string }) {
  const { may } = useSigned()
  const [open, setOpen] = useState<'settings' | 'rotate' | null>(null)
  const rotate = useMakeKey(beacon.siteId, () => setOpen(null))
  const doubt = originDoubt(location.origin, useSite(beacon.siteId).data?.url)
  return (
    <div className="card card-inner">
      <p>
        Put this line into the <code>&lt;head&gt;</code> of every page. The key is public: it says which site it is, and opens
        nothing.
      </p>
      <CopyLine text={snippet} />
      {doubt && (
        <p className="notice beacon-doubt">
          <Icon name="medium" />
          {doubt}
        </p>
      )}
      <p className="muted beacon-facts">
        {beacon.sampleRate === 0
          ? 'Nothing is measured now: the sample rate is 0.'
          : `${Math.round(beacon.sampleRate * 100)} % of page views are measured.`}
        {beacon.allowedOrigins.length > 0 && ` Also accepted from ${beacon.allowedOrigins.join(', ')}.`}
      </p>
      {may('write') && (
        <div className="button-row">
          <Button icon="settings" onClick={() => setOpen('settings')}>
            Change
          </Button>
          <Button look="quiet" icon="refresh" onClick={() => setOpen('rotate')}>
            New key
          </Button>
        </div>
      )}
      {open === 'settings' && (
        <Dialog title="Measuring script" onClose={() => setOpen(null)}>
          <BeaconForm beacon={beacon} onDone={() => setOpen(null)} />
        </Dialog>
      )}
      {open === 'rotate' && (
        <Confirm
          title="Make a new key?"
          deed="Make a new key"
          busy={rotate.isPending}
          onConfirm={() => rotate.mutate()}
          onClose={() => setOpen(null)}
        >
          <p>Pages with the old line stop reporting within a minute, until the new line is in them.</p>
        </Confirm>
      )}
    </div>
  )
}

function BeaconForm({ beacon, onDone }: { beacon: VitalsBeacon; onDone: () => void }) {
  const { client, org } = useSigned()
  const queries = useQueryClient()
  const { form, errorOf, busy, problem } = useForm({
    endpoint: updateVitalsBeacon,
    read: (data) => ({
      sampleRate: Number(text(data, 'samplePercent') ?? Number.NaN) / 100,
      allowedOrigins: (text(data, 'allowedOrigins') ?? '').split(/\s+/).filter((origin) => origin !== ''),
    }),
    submit: (body) => client.call(updateVitalsBeacon, { params: { siteId: beacon.siteId }, body }),
    done: (changed) => {
      queries.setQueryData(['beacon' satisfies Refetched, org.id, beacon.siteId], changed)
      onDone()
      toast('Saved. Pages take it over within ten minutes.')
    },
  })
  return (
    <form {...form}>
      <TextField
        label="Page views measured, in per cent"
        name="samplePercent"
        inputMode="decimal"
        defaultValue={Math.round(beacon.sampleRate * 10_000) / 100}
        hint="With more than 100,000 page views a day, 10 is enough."
        error={errorOf('sampleRate') && 'Between 0 and 100, please.'}
      />
      <AreaField
        label="Other origins that may report, one on each line"
        name="allowedOrigins"
        defaultValue={beacon.allowedOrigins.join('\n')}
        placeholder="https://shop.example.com"
        hint="The site's own host and its subdomains may anyway."
        error={errorOf('allowedOrigins')}
      />
      {problem && <ProblemNote error={problem} />}
      <Button look="primary" type="submit" busy={busy}>
        Save
      </Button>
    </form>
  )
}
