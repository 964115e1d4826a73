type Switch = {
  doc: string
  /** The page that breaks; none: the whole site. Tests may break another one. */
  at?: string
}

/** Every way to break the demo site. Those of the certificate show over https only. */
export const demoSwitches = {
  robots_block: { doc: 'robots.txt forbids every page to every crawler. (Two threats: what it blocks, and that it changed.)' },
  robots_unreachable: { doc: 'robots.txt answers 503.' },
  robots_changed: { doc: 'robots.txt forbids one more folder.' },
  noindex_page: { doc: 'One product page says noindex.', at: '/products/lamp' },
  noindex_template: { doc: 'Every product page says noindex.' },
  error_500_page: { doc: 'One article answers 500.', at: '/journal/oak' },
  error_500_all: { doc: 'Every page answers 500.' },
  not_found_page: {
    doc: 'One product page answers 404. (Two threats: the page is gone, and links to it are broken.)',
    at: '/products/clock',
  },
  broken_link: { doc: 'A page links to a product that never was.', at: '/products/' },
  redirect_loop: { doc: 'One article redirects to itself by way of another address.', at: '/journal/light' },
  redirect_chain: { doc: 'A page is reached over three redirects.', at: '/about' },
  canonical_404: { doc: 'An article names a canonical address that does not exist.', at: '/journal/care' },
  mixed_content: { doc: 'A page loads a script and an image over plain http (seen over https).', at: '/' },
  headers_dropped: { doc: 'The security headers are gone. (One threat for each.)' },
  script_injected: { doc: 'A page carries a script that hides what it does. (No rule looks for it yet.)', at: '/' },
  slow: { doc: 'Every page takes three seconds. (No rule looks at it yet; checks take longer.)' },
  certificate_expired: { doc: 'The certificate expired yesterday.' },
  certificate_near_expiry: { doc: 'The certificate expires in two days.' },
  certificate_wrong_name: { doc: 'The certificate is for another host.' },
  certificate_incomplete: { doc: 'The server leaves out the intermediate certificate.' },
  certificate_untrusted: { doc: 'The certificate is signed by nobody but itself.' },
} satisfies Record<string, Switch>

export type SwitchName = keyof typeof demoSwitches

export const switchNames = Object.keys(demoSwitches) as SwitchName[] // Object.keys forgets the type of a literal's keys.

/** The switches that are on, each with the page it breaks. */
export type Broken = ReadonlyMap<SwitchName, string>

export function pageOf(name: SwitchName): string {
  const known: Switch = demoSwitches[name]
  return known.at ?? '/'
}
