import { useQuery, useQueryClient } from '@tanstack/react-query'
import {
  getOrgPreferences,
  getPreferences,
  type Preferences,
  setOrgPreferences,
  setPreferences,
} from '@tocsin/contract/api/preferences'
import type { Refetched } from '../../live/refetches.ts'
import { useSigned } from '../../session.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Screen, Section } from '../../ui/screen.tsx'
import { toast } from '../../ui/toasts.tsx'
import { LevelForm } from './level-form.tsx'
import { byDefault, securityText, wantedOf } from './preference-words.ts'
import { QuietHours } from './quiet-hours.tsx'
import { RulePreferences } from './rule-preferences.tsx'

/** What one hears, and when: one's own word, then the organisation's. */
export function PreferencesScreen() {
  const { client, org, may } = useSigned()
  const own = useQuery({
    queryKey: ['preferences' satisfies Refetched, org.id],
    queryFn: ({ signal }) => client.call(getPreferences, { signal }),
  })
  const ofOrg = useQuery({
    queryKey: ['preferences' satisfies Refetched, org.id, 'org'],
    queryFn: ({ signal }) => client.call(getOrgPreferences, { params: { orgId: org.id }, signal }),
  })
  const saved = useSaved()
  return (
    <Screen title="What you hear" lead={`Which alerts of ${org.name} reach you, how, and when.`}>
      <Loaded query={own} what="what you hear">
        {(mine) => (
          <>
            <Section title="For every rule">
              <div className="card card-roomy">
                <LevelForm
                  key={JSON.stringify(mine.settings)}
                  settings={mine.settings}
                  behind={ofOrg.data ? wantedOf(ofOrg.data.effective) : {}}
                  behindName="the organisation has it"
                  submit={(body) => client.call(setPreferences, { body })}
                  done={saved}
                />
              </div>
            </Section>
            <QuietHours key={JSON.stringify(mine.schedule)} schedule={mine.schedule} onSaved={saved} />
            <RulePreferences preferences={mine} onSaved={saved} />
            <SecurityMail preferences={mine} />
          </>
        )}
      </Loaded>
      {may('admin') && (
        <Section title={`For everybody in ${org.name}`}>
          <p className="muted prose">This holds for members who say nothing else.</p>
          <Loaded query={ofOrg} what="what members hear">
            {({ settings, effective }) => (
              <div className="card card-roomy">
                <LevelForm
                  key={JSON.stringify(settings)}
                  settings={settings}
                  behind={byDefault(effective)}
                  behindName="Tocsin has it"
                  submit={(body) => client.call(setOrgPreferences, { params: { orgId: org.id }, body })}
                  done={saved}
                />
              </div>
            )}
          </Loaded>
        </Section>
      )}
    </Screen>
  )
}

function useSaved() {
  const { org } = useSigned()
  const queries = useQueryClient()
  return () => {
    toast('Saved. It holds for what happens from now on.')
    void queries.invalidateQueries({ queryKey: ['preferences' satisfies Refetched, org.id] })
  }
}

/** It cannot be turned off: whoever gets into an account must not be able to hide it. */
function SecurityMail({ preferences }: { preferences: Preferences }) {
  return (
    <Section title="Security mail">
      <div className="notice">
        <Icon name="shield" />
        <div>
          <p>
            <strong>Always on.</strong> You are mailed at any time, quiet hours or not, when it concerns you and
          </p>
          <ul className="plain-list">
            {preferences.security.events.map((event) => (
              <li key={event}>{securityText(event)}</li>
            ))}
          </ul>
        </div>
      </div>
    </Section>
  )
}
