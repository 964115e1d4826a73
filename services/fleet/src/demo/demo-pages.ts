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

/** Decodes to "void 0": it looks like an attack and does nothing. */
const injectedScript = '<script>eval(atob("dm9pZCAw"))</script>'

/** What a page loads over plain http. Not from loopback, which browsers trust without https too; nobody answers there. */
const plainOrigin = 'http://static.alder-and-ash.example'

/** @param shown.url where the visitor is: the page's own address, or the last step of the redirects to it */
export function renderPage(shown: { path: string; page: Page; url: string; origin: string; broken: Broken }): string {
  const { path, page, url, origin, broken } = shown
  const here = (name: SwitchName) => broken.get(name) === path
  const noindex = here('noindex_page') || (broken.has('noindex_template') && page.template === 'product')
  const head = [
    `<title>${page.title} – Alder &amp; Ash</title>`,
    `<meta name="description" content="${page.text}">`,
    `<link rel="canonical" href="${here('canonical_404') ? `${origin}/journal/withdrawn` : url}">`,
    '<link rel="stylesheet" href="/site.css">',
    ...(noindex ? ['<meta name="robots" content="noindex">'] : []),
    ...(here('mixed_content') ? [`<script src="${plainOrigin}/counter.js"></script>`] : []),
    ...(here('script_injected') ? [injectedScript] : []),
  ]
  const body = [
    '<nav><a href="/">Home</a> <a href="/products/">Products</a> <a href="/journal/">Journal</a> <a href="/about">About</a></nav>',
    `<main><h1>${page.title}</h1><p>${page.text}</p>${listOf(path)}`,
    ...(here('broken_link') ? ['<p><a href="/products/stool">Kitchen stool</a></p>'] : []),
    ...(here('mixed_content') ? [`<img src="${plainOrigin}/workshop.png" alt="Our workshop">`] : []),
    '</main><footer>Alder &amp; Ash, Mill Lane 4</footer>',
  ]
  return `<!doctype html>\n<html lang="en"><head><meta charset="utf-8">\n${head.join('\n')}\n</head><body>\n${body.join('\n')}\n</body></html>\n`
}

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
  return ['User-agent: *', ...rules, '', `Sitemap: ${origin}/sitemap.xml`, ''].join('\n')
}

export function sitemapXml(origin: string): string {
  const urls = Object.keys(pages).map((path) => `  <url><loc>${origin}${path}</loc></url>`)
  return `<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n${urls.join('\n')}\n</urlset>\n`
}
