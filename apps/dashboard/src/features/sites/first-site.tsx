import { Screen } from '../../ui/screen.tsx'
import { AddSiteForm } from './add-site-form.tsx'

/** The very first screen of an organisation: one question, and what its answer sets in motion. */
export function FirstSite() {
  return (
    <Screen title="Add your first site" lead="One address is enough. The first check starts at once, and you can watch it.">
      <div className="first-site">
        <div className="card card-roomy">
          <AddSiteForm submitLabel="Start watching" />
        </div>
        <ol className="first-steps" aria-label="What happens next">
          <li>
            <strong>We look at it as it is.</strong> The first check reads your pages, certificates, redirects and robots rules,
            and takes them as the baseline.
          </li>
          <li>
            <strong>We come back every six hours.</strong> What breaks is looked at twice before it counts, so that a hiccup
            alarms nobody.
          </li>
          <li>
            <strong>You hear of it.</strong> Here, at once, and by mail or webhook if you like. When it is repaired, you hear of
            that too.
          </li>
        </ol>
      </div>
    </Screen>
  )
}
