import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Cidr } from '@tocsin/outbound/guarded-address'
import { createGuardedProxy } from '@tocsin/outbound/guarded-proxy'
import type { Browser } from 'playwright-core'
import { z } from 'zod'
import type { FoundBrowser } from './find-browser.ts'

/** What a browser may fetch for the loads of one page, all in all. */
const bytesMax = 200 * 1024 * 1024
const connectTimeoutMs = 10_000
const launchMsMax = 30_000

export interface BrowserOptions {
  readonly found: FoundBrowser
  readonly allowCidrs: readonly Cidr[]
  /** Whether a program that we start may drive it, too. */
  readonly isShared?: boolean
}

export interface OpenBrowser {
  readonly browser: Browser
  /** Of a shared one: where on loopback it is driven. Pages that are opened there download no file. */
  debuggingPort(): Promise<number>
  close(): Promise<void>
}

/**
 * A browser for one page of a site, and then no more: what a page has done to it ends with it. Everything it fetches goes through a proxy
 * that reaches public addresses only; it resolves no name itself and speaks no other protocol than http.
 */
export async function openBrowser({ found, allowCidrs, isShared = false }: BrowserOptions): Promise<OpenBrowser> {
  // Loaded when it is needed: a detector without a browser does without its driver, too.
  const { chromium } = await import('playwright-core')
  const proxy = await createGuardedProxy({ allowCidrs, connectTimeoutMs, bytesMax })
  try {
    const browser = await chromium.launch({
      executablePath: found.path,
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
        // Any port that is free. Pages cannot reach it: the proxy refuses them loopback, and Chromium every origin. Automated: it says where its profile is.
        ...(isShared ? ['--remote-debugging-port=0', '--enable-automation'] : []),
      ],
    })
    return {
      browser,
      debuggingPort: () => debuggingPortOf(browser),
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

const CommandLine = z.object({ arguments: z.array(z.string()) })
const Port = z.coerce.number().int().min(1).max(65_535)

/** Chromium writes it into its profile, which is where its driver has put it. */
async function debuggingPortOf(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession()
  await session.send('Browser.setDownloadBehavior', { behavior: 'deny' })
  const told = CommandLine.parse(await session.send('Browser.getBrowserCommandLine'))
  const flag = '--user-data-dir='
  const profile = told.arguments.find((argument) => argument.startsWith(flag))?.slice(flag.length)
  if (!profile) throw new Error('The browser does not say where its profile is.')
  const written = await readFile(join(profile, 'DevToolsActivePort'), 'utf8')
  return Port.parse(written.split('\n')[0])
}
