import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/** Seconds; from a cache hit to a lost packet. */
export const latencyBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

export interface Metrics {
  readonly registry: Registry
  counter(name: string, help: string, labels?: readonly string[]): Counter
  gauge(name: string, help: string, labels?: readonly string[]): Gauge
  /** In seconds. */
  histogram(name: string, help: string, labels?: readonly string[]): Histogram
}

/** Every name gets the prefix `tocsin_`. Asking twice for a name answers the same metric, so that services may share one process. */
export function createMetrics(options: { process: boolean }): Metrics {
  const registry = new Registry()
  if (options.process) collectDefaultMetrics({ register: registry })
  function once<Kind extends Counter | Gauge | Histogram>(name: string, make: (full: string) => Kind): Kind {
    const full = `tocsin_${name}`
    // The names are ours and each is asked for with one kind only.
    return (registry.getSingleMetric(full) as Kind | undefined) ?? make(full)
  }
  return {
    registry,
    counter: (name, help, labels = []) =>
      once(name, (full) => new Counter({ name: full, help, labelNames: [...labels], registers: [registry] })),
    gauge: (name, help, labels = []) =>
      once(name, (full) => new Gauge({ name: full, help, labelNames: [...labels], registers: [registry] })),
    histogram: (name, help, labels = []) =>
      once(
        name,
        (full) => new Histogram({ name: full, help, labelNames: [...labels], buckets: latencyBuckets, registers: [registry] }),
      ),
  }
}
