import { createDemoSite, type DemoSite } from '@tocsin/fleet/demo/demo-site'

export type BreakableSite = DemoSite

/** A customer's web site: real, on loopback, with a switch for each way to break it. The demo shows people the same one. */
export function createBreakableSite(options: Parameters<typeof createDemoSite>[0] = {}): Promise<BreakableSite> {
  return createDemoSite(options)
}
