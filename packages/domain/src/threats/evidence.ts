/** What a threat page can still show; a rule that collects more is cut, not refused. */
export const evidenceBytesMax = 32 * 1024
/** A look is one line of a history of twenty. */
export const lookBytesMax = 4 * 1024

export type Evidence = Readonly<Record<string, unknown>>

/** Cuts the largest field in half, again and again, until the whole fits; says that it did. */
export function boundedEvidence(evidence: Evidence, bytesMax: number): Record<string, unknown> {
  if (sizeBytes(evidence) <= bytesMax) return { ...evidence }
  const cut: Record<string, unknown> = { ...evidence, truncated: true }
  while (sizeBytes(cut) > bytesMax) {
    const largest = Object.keys(cut).reduce((a, b) => (sizeBytes(cut[b]) > sizeBytes(cut[a]) ? b : a))
    const value = half(cut[largest])
    if (value === undefined) delete cut[largest]
    else cut[largest] = value
  }
  return cut
}

function half(value: unknown): unknown {
  if ((typeof value !== 'string' && !Array.isArray(value)) || value.length < 2) return undefined
  return value.slice(0, Math.floor(value.length / 2))
}

const sizeBytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value) ?? '')
