import type { Metrics } from '@tocsin/process/metrics'

export type Meter = ReturnType<typeof createMeter>

/** Of the whole gateway: a label per org would be a time series per customer. */
export function createMeter(metrics: Metrics) {
  const frames = metrics.counter('gateway_frames_total', 'Frames written to viewers')
  const bytes = metrics.counter('gateway_bytes_total', 'Bytes written to viewers')
  const tally = { frames: 0, bytes: 0 }
  return {
    connections: metrics.gauge('gateway_connections', 'Open streams'),
    orgs: metrics.gauge('gateway_orgs', 'Orgs with a window'),
    ended: metrics.counter('gateway_streams_ended_total', 'Streams that ended, by reason', ['reason']),
    refused: metrics.counter('gateway_streams_refused_total', 'Streams that were refused, by code', ['code']),
    resets: metrics.counter('gateway_resets_total', 'Viewers who were told to take a snapshot', ['reason']),
    journalReads: metrics.counter('gateway_journal_reads_total', 'Pages of the journal read'),
    latency: metrics.histogram('gateway_event_to_browser_seconds', 'From an event to the moment it was written to its viewers'),
    /** Counted here once per write, and in the metrics once a second. */
    tally,
    settleTally() {
      frames.inc(tally.frames)
      bytes.inc(tally.bytes)
      tally.frames = 0
      tally.bytes = 0
    },
  }
}
