import type { Cidr } from '@tocsin/outbound/guarded-address'
import { createGuardedProxy } from '@tocsin/outbound/guarded-proxy'
import type { Browser } from 'playwright-core'
import type { FoundBrowser } from './find-browser.ts'

/** What a browser may fetch for the loads of one page, all in all. */
const bytesMax = 200 * 1024 * 1024
const connectTimeoutMs = 10_000
const launchMsMax = 30_000

export interface OpenBrowser {
  readonly browser: Browser
  close(): Promise<void>
}

/**
 * A browser for one page of a site, and then no more: what a page has done to it ends with it. Everything it fetches goes through a proxy
 * that reaches public addresses only; it resolves no name itself and speaks no other protocol than http.
 */
export async function openBrowser({ path }: FoundBrowser, allowCidrs: readonly Cidr[]): Promise<OpenBrowser> {
  // Loaded when it is needed: a detector without a browser does without its driver, too.
  const { chromium } = await import('playwright-core')
  const proxy = await createGuardedProxy({ allowCidrs, connectTimeoutMs, bytesMax })
  try {
    const browser = await chromium.launch({
      executablePath: path,
      headless: true,
      timeout: launchMsMax,
      // Chromium does not start with its sandbox as root; an operator who wants it runs the detector as somebody else.
      chromiumSandbox: process.getuid?.() !== 0,
      // Loopback, too, goes through the proxy: a page must not reach what listens beside us.
      proxy: { server: proxy.url, bypass: '<-loopback>' },
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
      args: [
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--disable-dev-shm-usage',
        '--force-webrtc-ip-handling-policy=disable_non_proxied_udp',
        '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1',
        '--js-flags=--max-old-space-size=512',
      ],
    })
    return {
      browser,
      async close() {
        await browser.close()
        await proxy.close()
      },
    }
  } catch (error) {
    await proxy.close()
    throw error
  }
}
