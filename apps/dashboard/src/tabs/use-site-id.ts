import { useParams } from '@tanstack/react-router'
import { SiteId } from '@tocsin/contract/ids'

/** Of the site whose part is shown: its route has seen to it that there is one. */
export const useSiteId = (): SiteId => SiteId.parse(useParams({ strict: false }).siteId)
