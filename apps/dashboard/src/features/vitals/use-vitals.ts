import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getVitals } from '@tocsin/contract/api/vitals'
import type { SiteId } from '@tocsin/contract/ids'
import type { FormFactor, VitalMetric } from '@tocsin/contract/vitals'
import { useSigned } from '../../session.tsx'

/** What visitors measure comes in all the time and is told by no event. */
const askedEveryMs = 60_000
export const vitalsDays = 28

interface VitalsQuery {
  by: 'site' | 'form' | 'template'
  metric?: VitalMetric
  form?: FormFactor
  template?: string
}

export function useVitals(siteId: SiteId, query: VitalsQuery) {
  const { client, org } = useSigned()
  return useQuery({
    queryKey: ['vitals', org.id, siteId, query],
    queryFn: ({ signal }) => client.call(getVitals, { params: { siteId }, query: { days: vitalsDays, ...query }, signal }),
    refetchInterval: askedEveryMs,
    placeholderData: keepPreviousData,
  })
}
