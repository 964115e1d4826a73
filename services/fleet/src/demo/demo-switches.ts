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
  soft_404: { doc: 'A product page says that it was not found, and answers 200.', at: '/products/shelf' },
  external_dead: { doc: 'A page links to another host, where the page is gone. (Asked three times over a day.)', at: '/about' },
  pages_lost: { doc: 'The menu, the lists and the sitemap are empty: most pages cannot be found any more.' },
  noindex_blocked: {
    doc: 'A page says noindex, and robots.txt keeps Googlebot from seeing it. (Three threats: hidden, changed, contradictory.)',
    at: '/journal/care',
  },
  hreflang_no_return: { doc: 'A page names a German version that does not link back.', at: '/about' },
  sitemap_unreadable: { doc: 'A note stands in the place of the sitemap.' },
  sitemap_404: { doc: 'The sitemap lists a product that never was.' },
  script_injected: { doc: 'A page carries a script that hides what it does.', at: '/' },
  script_tampered: { doc: 'Somebody has put a thief of card numbers behind the script of the site.' },
  script_new_host: { doc: 'Every page loads a script from a host that was not there before.' },
  library_vulnerable: { doc: 'A page loads a version of jQuery with known weaknesses.', at: '/products/' },
  spam_hidden: { doc: 'A page hides links to pharmacies and casinos beyond the edge of the screen.', at: '/journal/oak' },
  spam_cloaked: { doc: 'The home page shows search engines another text than visitors.', at: '/' },
  slow: { doc: 'Every page takes three seconds; checks take longer.' },
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
