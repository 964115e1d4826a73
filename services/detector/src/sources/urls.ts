import { z } from 'zod'

const base = (usual: string) =>
  z
    .url({ protocol: /^https?$/ })
    .transform((url) => url.replace(/\/+$/, ''))
    .default(usual)

/** Where each outside API is; a test server can stand in for any of them. Without a slash at the end. */
export const SourceUrlsEnv = z.object({
  GSC_URL: base('https://searchconsole.googleapis.com'),
  GSC_TOKEN_URL: base('https://oauth2.googleapis.com/token'),
  SERPER_URL: base('https://google.serper.dev'),
  SERPAPI_URL: base('https://serpapi.com'),
  CRUX_URL: base('https://chromeuxreport.googleapis.com'),
  SAFE_BROWSING_URL: base('https://safebrowsing.googleapis.com'),
  WEB_RISK_URL: base('https://webrisk.googleapis.com'),
  CT_URL: base('https://crt.sh'),
  RDAP_URL: base('https://rdap.org'),
})
export type SourceUrls = z.infer<typeof SourceUrlsEnv>
