import { createHash } from 'node:crypto'
import type { KnownLibrary } from './known-vulnerabilities.ts'
import type { Identified } from './library-data.ts'

interface LibraryMark {
  readonly library: KnownLibrary
  /** Holds the version in groups: `version`, or `major` and what follows it, or a `revision` that is counted. */
  readonly pattern: RegExp
  /** The pattern is tried only around this text. */
  readonly near?: string
  /** Stands elsewhere in the file. */
  readonly needs?: string
}

const v = String.raw`(?<version>\d{1,4}(?:\.\d{1,6}){1,3}(?:(?:-|\.(?=[abr]))?(?:alpha|beta|rc|canary|pre|next|b(?=\d))[.-]?\d{0,4}(?:\.\d{1,4})?)?)(?![\w.]{0,40}\d)`
const text = (source: string): RegExp => new RegExp(source.replaceAll('«v»', v), 'i')
const banner = (name: string): RegExp => text(String.raw`/\*{1,2}!?[\s*]{0,8}(?:@license\s{1,4})?[\s*]{0,8}${name}«v»`)
const said = (library: KnownLibrary, ...patterns: readonly RegExp[]): LibraryMark[] =>
  patterns.map((pattern) => ({ library, pattern }))
const around = (library: KnownLibrary, near: string, ...sources: readonly string[]): LibraryMark[] =>
  sources.map((source) => ({ library, near, pattern: text(source) }))

const partsOfUi =
  'Core|Widget|Mouse|Draggable|Droppable|Resizable|Selectable|Sortable|Accordion|Autocomplete|Button|Datepicker|Dialog|Menu|Position|Progressbar|Slider|Spinner|Tabs|Tooltip'

/** Banners and marks that a library's own file carries. Every gap is bounded: the text may be anybody's. */
const marks: readonly LibraryMark[] = [
  ...said('jquery', banner('jQuery (?:JavaScript Library )?v'), text(String.raw`\* jQuery «v» - New Wave Javascript`)),
  ...around('jquery', 'jquery:', String.raw`[^\w.]jquery:\s?"«v»"`),
  // The version is put into a variable first: ,m="1.11.1",… .prototype={jquery:m
  ...around('jquery', 'jquery:', String.raw`[^\w$](?<name>[\w$]{1,3})="«v»"[^]{0,900}?[^\w.]jquery:\k<name>[,}]`),
  ...said('jquery-migrate', banner('jQuery Migrate (?:- )?v'), text(String.raw`\.migrateVersion\s?=\s?"«v»"`)),
  ...said('jquery-ui', banner(`jQuery UI (?:- v|v|(?:${partsOfUi}) )?`)),
  ...said('jquery-validation', banner('jQuery Validation Plugin (?:- )?v?')),
  ...said('jquery-mobile', banner('jQuery Mobile (?:- )?v?')),
  ...around(
    'jquery-mobile',
    'jQuery Mobile Framework',
    String.raw`Version of the jQuery Mobile Framework\s{1,20}version:\s?["']«v»`,
  ),
  ...around('jquery.prettyPhoto', 'prettyPhoto', `Class: prettyPhoto[^]{0,300}?Version: «v»`),
  ...around('jquery.prettyPhoto', 'prettyPhoto', String.raw`\.prettyPhoto\s?=\s?\{\s?version:\s?["']«v»`),
  ...around('jquery.terminal', 'jQuery Terminal', String.raw`version «v»\s{1,9}\*[\s*]{1,9}This file is part of jQuery Terminal`),
  ...said('jquery.terminal', text(String.raw`\.terminal\s?=\s?\{\s{0,20}version:\s?["']«v»`)),
  ...around('tableexport.jquery.plugin', 'tableExport', String.raw`tableExport\.jquery\.plugin\s{1,20}Version «v»`),
  ...around(
    'jPlayer',
    'jPlayer',
    String.raw`\*\s{1,3}jPlayer Plugin for jQuery[^]{0,500}?Version: «v»`,
    'jPlayer «v» for jQuery',
  ),
  ...said('knockout', text('(?:\\*|//) Knockout JavaScript library v«v»'), text(String.raw`[^\w.]ko\.version\s?=\s?["']«v»`)),
  ...said('sessvars', text('sessvars ver «v»')),
  ...said('swfobject', text('SWFObject v«v»')),
  ...said('tinyMCE', banner('TinyMCE version ')),
  { library: 'tinyMCE', needs: 'tinymce', pattern: text(String.raw`^// «v» \(\d{4}-\d\d-\d\d\)`) },
  {
    ...{ library: 'tinyMCE', near: 'majorVersion', needs: 'tinymce' },
    pattern: /majorVersion:\s?["'](?<major>\d{1,2})["'],\s{0,20}minorVersion:\s?["'](?<minor>\d{1,3}(?:\.\d{1,4}){0,2})["']/,
  },
  ...said('YUI', text(String.raw`YUI «v» \(build`), text(String.raw`yui/license\.(?:html|txt)\s{1,6}version: «v»`)),
  ...said('prototypejs', text('Prototype JavaScript framework, version «v»')),
  ...said('prototypejs', text(String.raw`[^\w.]Prototype\s?=\s?\{\s{0,20}Version:\s?['"]«v»`)),
  ...said('ember', text(String.raw`[^\w]Ember\.VERSION\s?=\s?["']«v»`)),
  ...around('ember', 'ember/version', String.raw`["']ember/version["'][^]{0,200}?default["'\]]{0,2}\s?=\s?["']«v»`),
  ...around('ember', 'Ember', String.raw`(?:Project:|@overview)\s{1,6}Ember[^]{0,500}?(?:@version|Version:)\s{1,6}v?«v»`),
  {
    ...{ library: 'dojo', near: 'major:', needs: 'dojox' },
    pattern:
      /\.version\s?=\s?\{\s{0,40}major:\s?(?<major>\d{1,2}),\s{0,40}minor:\s?(?<minor>\d{1,2}),\s{0,40}patch:\s?(?<patch>\d{1,2})/,
  },
  ...said('angularjs', banner('AngularJS v'), text(String.raw`//errors\.angularjs\.org/«v»/`)),
  // All packages of a release say so; the one that writes this attribute is the core.
  { library: '@angular/core', pattern: banner('Angular v'), needs: 'ng-version' },
  ...said('backbone.js', text(String.raw`//\s{1,8}Backbone\.js «v»`), text(String.raw`[^\w]Backbone\.VERSION\s?=\s?["']«v»`)),
  ...around(
    'backbone.js',
    '.noConflict',
    String.raw`\.VERSION="«v»"[;,]\w{1,3}\.\$=\w{1,3}[;,]\w{1,3}\.noConflict[^]{0,60}?Backbone`,
  ),
  ...around('backbone.js', 'Backbone={}', String.raw`Backbone=\{\}[^]{0,300}?\.VERSION="«v»"`),
  ...around(
    'mustache.js',
    'mustache.js',
    String.raw`name\s?[:=]\s?["']mustache\.js["'][,;]\s{0,9}(?:\w{1,9}\.)?version\s?[:=]\s?["']«v»`,
  ),
  ...said('handlebars', banner('handlebars v'), text(String.raw`Handlebars(?:\.VERSION\s?=\s?|=\{VERSION:)["']«v»`)),
  ...around('handlebars', 'HandlebarsEnvironment', String.raw`[^\w]VERSION\s?=\s?["']«v»`),
  {
    ...{ library: 'easyXDM', near: 'version:', needs: 'easyXDM' },
    pattern: text(String.raw`\{\s{0,40}version:\s?"«v»",[^]{0,200}?query:`),
  },
  ...around('plupload', 'Plupload', String.raw`Plupload - multi-runtime File Uploader[\s*]{1,9}v«v»`),
  ...around('DOMPurify', '.removed=[]', String.raw`\.version="«v»"[,;]\w{1,3}\.removed=\[\]`),
  ...said('DOMPurify', banner('DOMPurify '), text(String.raw`DOMPurify\.version\s?=\s?['"]«v»`)),
  ...said(
    'react',
    banner('React (?:\\(with addons\\) ?)?v(?![^\\n]{1,30}\\s{1,6}(?:\\* )?(?!\\*|\\s|react(?:-jsx-runtime)?\\.))'),
  ),
  ...said('react-dom', text(String.raw`[\s*]React v«v»\s{1,6}(?:\* )?react-dom(?:-server)?\.`)),
  ...around('react-dom', 'rendererPackageName', String.raw`version:\s?"«v»[^"]{0,40}",\s{0,9}rendererPackageName:\s?"react-dom"`),
  ...said('flowplayer', banner('flowplayer(?:\\.js| HTML5)? v?')),
  ...said('DWR', text(String.raw`[^\w]dwr-«v»\.jar`)),
  ...around('moment.js', 'oment.js', String.raw`moment\.js\s{1,8}(?://!?|\|)\s{1,4}version : «v»`),
  ...around('moment.js', 'hooks.version', String.raw`hooks\.version\s?=\s?["']«v»`),
  ...around('moment.js', '.isMoment=', String.raw`\.version="«v»"[^]{0,600}?\.isMoment=`),
  ...said('underscore.js', text(String.raw`//\s{1,8}Underscore\.js «v»`), text(String.raw`[^\w.]_\.VERSION\s=\s["']«v»`)),
  ...around(
    'underscore.js',
    '.each=',
    String.raw`[^\w](?<name>\w{1,3})\.VERSION="«v»";var \w{1,3}=\k<name>\.each=\k<name>\.forEach=`,
  ),
  ...said('bootstrap', banner('Bootstrap v'), text(String.raw`\* bootstrap(?:-|: )[a-z]{3,12}\.js v«v»`)),
  ...said('bootstrap-select', banner('Bootstrap-select v')),
  ...around('ckeditor', 'timestamp:', String.raw`CKEDITOR[^]{0,300}?timestamp:\s?"[^"]{1,20}",\s{0,9}version:\s?"«v»`),
  ...said('ckeditor5', text(String.raw`CKEDITOR_VERSION\s?=\s?["']«v»`)),
  ...said('vue', banner('Vue(?:\\.js)? v'), text(String.raw`[^\w]Vue\.version\s?=\s?['"]«v»`)),
  ...said('ExtJS', text('Ext JS Library «v»')),
  ...said('svelte', text('generated by Svelte v«v»')),
  ...said('axios', banner('axios v'), text('// axios v«v» '), text(String.raw`\[Axios v«v»\] Transitional`)),
  ...said('markdown-it', banner('markdown-it ')),
  ...said('jszip', banner('JSZip v')),
  ...said('AlaSQL', banner('AlaSQL v'), text('//! AlaSQL v«v»'), text(String.raw`[^\w.]alasql\.version\s?=\s?["']«v»`)),
  ...said('jquery.datatables', banner('DataTables '), text(String.raw`www\.datatables\.net\s{1,6}DataTables «v»`)),
  ...around(
    'jquery.datatables',
    'dataTables',
    String.raw`File:\s{1,10}jquery\.dataTables(?:\.min)?\.js[\s*]{1,9}Version:\s{1,10}«v»`,
  ),
  ...said('nextjs', text(String.raw`window\.next\s?=\s?\{\s{0,9}version:\s?["']«v»`)),
  ...around('nextjs', '__NEXT_DATA__', String.raw`[^\w]version=["']«v»["'][^]{1,1500}?getElementById\(["']__NEXT_DATA__`),
  ...around('nextjs', '__NEXT_DATA__', String.raw`getElementById\(["']__NEXT_DATA__["']\)[^]{1,80}?\.version=["']«v»`),
  ...said('chart.js', banner('Chart\\.js v')),
  ...around('chart.js', 'Chart.js', String.raw`Chart\.js[\s*]{1,8}https?://(?:www\.)?chartjs\.org/?[\s*]{1,8}Version: «v»`),
  ...said('froala', banner('froala_editor v')),
  ...around('pendo', 'Pendo Agent Wrapper', String.raw`Pendo Agent Wrapper[^]{1,300}?Agent Version:\s{1,9}«v»`),
  ...said('highcharts', banner('High(?:charts|stock|maps) JS v')),
  ...around('highcharts', 'Highcharts', String.raw`product[:=]\s?"Highcharts"[,;]\s?(?:\w\.)?version[:=]\s?"«v»"`),
  ...said('select2', banner('Select2 ')),
  { library: 'select2', near: 'Igor Vaynberg', needs: 'select2', pattern: text(String.raw`Igor Vaynberg\s{1,8}Version: «v»`) },
  ...said('blueimp-file-upload', text('jQuery File Upload User Interface Plugin «v»')),
  ...said('c3', text(String.raw`[^\w.]c3\s?=\s?\{\s{0,9}version:\s?["']«v»`)),
  ...around('c3', '.generate=function', String.raw`=\{version:"«v»"\};\w{1,3}\.generate=function`),
  // Its modules are packages of their own, with versions of their own.
  ...said(
    'lodash',
    text(
      String.raw`/\*{1,2}!?[\s*]{0,8}(?:@license\s{1,4})?[\s*]{0,8}(?:Lo-Dash|lodash) v?«v»(?!(?:[^*]|\*(?!/)){0,300}modularize)`,
    ),
  ),
  ...around('lodash', '__lodash_hash_undefined__', String.raw`=\s?["']«v»["'][^]{0,300}?__lodash_hash_undefined__`),
  ...said('ua-parser-js', banner('UAParser\\.js v'), text('// UAParser\\.js v«v»')),
  ...around('ua-parser-js', 'LIBVERSION', String.raw`LIBVERSION\s?=\s?['"]«v»['"],\s{0,20}EMPTY`),
  ...said('mathjax', text(String.raw`MathJax(?:\.version\s?=\s?|\s?=\s?\{\s{0,9}version:\s?)"«v»"`)),
  ...said('pdf.js', text(String.raw`(?:pdfjsVersion|PDFJS\.version)\s?=\s?["']«v»`)),
  ...around('pdf.js', 'GetDocRequest', String.raw`[^\w]apiVersion:\s?["']«v»`),
  { library: 'threejs', near: 'REVISION', needs: 'THREE', pattern: /[^\w]REVISION\s?[:=]\s?["'](?<revision>\d{2,3})["']/ },
  ...said('highlightjs', banner('Highlight\\.js v?')),
  { library: 'highlightjs', near: 'versionString', needs: 'highlight', pattern: text(String.raw`versionString\s?=\s?["']«v»`) },
  ...said('marked', banner('marked (?:- a markdown parser )?v')),
]

/** Changes with what a content is recognised by: what was not found before may be found now. */
export const marksId = createHash('sha256')
  .update(marks.map(({ library, pattern, near, needs }) => `${library} ${pattern.source} ${near} ${needs}`).join('\n'))
  .digest('hex')
  .slice(0, 12)

/** SHA-1 of files that say nowhere what they are. */
const files: Readonly<Record<string, Identified>> = Object.fromEntries(
  [
    'jquery-deparam 0.5.3 61c9d49ae64331402c3bde766c9dc504ed2ca509',
    'jquery-deparam 0.5.2 10a68e5048995351a01b0ad7f322bb755a576a02',
    'jquery-deparam 0.4.2 b8f063c860fa3aab266df06b290e7da648f9328d',
    'jquery-deparam 0.4.1 851bc74dc664aa55130ecc74dd6b1243becc3242',
    'jquery-deparam 0.4.0 2aae12841f4d00143ffc1effa59fbd058218c29f',
    'jquery-deparam 0.3.0 967942805137f9eb0ae26005d94e8285e2e288a0',
    'jquery-deparam 0.1.0 fbf2e115feae7ade26788e38ebf338af11a98bb2',
    'dojo 1.4.1 73cdd262799aab850abbe694cd3bfb709ea23627',
    'dojo 1.4.0 c8c84eddc732c3cbf370764836a7712f3f873326',
    'dojo 1.3.2 ad44e1770895b7fa84aff5a56a0f99b855a83769',
    'dojo 1.3.1 8fc10142a06966a8709cd9b8732f7b6db88d0c34',
    'dojo 1.3.0 a09b5851a0a3e9d81353745a4663741238ee1b84',
    'dojo 1.2.3 2ab48d45abe2f54cdda6ca32193b5ceb2b1bc25d',
    'dojo 1.2.0 12208a1e649402e362f528f6aae2c614fc697f8f',
    'dojo 1.1.1 72a6a9fbef9fa5a73cd47e49942199147f905206',
    'dojo 1.0.0 d569ce9efb7edaedaec8ca9491aab0c656f7c8f0',
    'easyXDM 2.4.6 cf266e3bc2da372c4f0d6b2bd87bcbaa24d5a643',
  ].map((line) => {
    const [library = '', version = '', sha1 = ''] = line.split(' ')
    return [sha1, { library, version }]
  }),
)

/** Banners are at the beginning, or between the parts of a bundle. */
const contentLengthMax = 2_000_000
const reach = 1_700
/** A bundle may hold a word often. */
const windowsMax = 8

/** What a file of script says of itself. */
export function librariesIn(content: string): Identified[] {
  const whole = content.slice(0, contentLengthMax)
  const known = files[createHash('sha1').update(content).digest('hex')]
  const found = marks.flatMap(({ library, pattern, near, needs }) => {
    if (needs !== undefined && !whole.includes(needs)) return []
    for (const part of near === undefined ? [whole] : windowsAround(whole, near)) {
      const version = versionOf(pattern.exec(part)?.groups)
      if (version !== null) return [{ library, version }]
    }
    return []
  })
  return known ? [known, ...found] : found
}

function* windowsAround(whole: string, near: string): Generator<string> {
  let from = 0
  for (let n = 0; n < windowsMax; n += 1) {
    const at = whole.indexOf(near, from)
    if (at < 0) return
    yield whole.slice(Math.max(0, at - reach), at + reach)
    from = at + near.length + reach / 2
  }
}

function versionOf(groups: Readonly<Record<string, string | undefined>> | undefined): string | null {
  if (!groups) return null
  const { version, revision, major, minor, patch } = groups
  if (version !== undefined) return version
  // three.js counts its releases: 128 is 0.128.0.
  if (revision !== undefined) return `0.${revision}.0`
  return [major, minor, patch].filter((part) => part !== undefined).join('.')
}
