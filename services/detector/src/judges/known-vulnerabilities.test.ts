import { expect, test } from '@jest/globals'
import { type KnownLibrary, knownVulnerabilities } from './known-vulnerabilities.ts'
import { vulnerableLibraries } from './vulnerable-library.ts'

const cdnjs = 'https://cdnjs.cloudflare.com/ajax/libs'
const npm = 'https://cdn.jsdelivr.net/npm'
const unpkg = 'https://unpkg.com'
const google = 'https://ajax.googleapis.com/ajax/libs'
const microsoft = 'https://ajax.aspnetcdn.com/ajax'

/** Where releases of each library are loaded from; `#` is the version. */
const addresses: Record<KnownLibrary, string> = {
  jquery: `https://code.jquery.com/jquery-#.min.js https://code.jquery.com/jquery-#.slim.min.js ${google}/jquery/#/jquery.min.js
    ${cdnjs}/jquery/#/jquery.js ${microsoft}/jQuery/jquery-#.min.js ${npm}/jquery@#/dist/jquery.min.js ${npm}/jquery@#
    ${unpkg}/jquery@#/dist/jquery.slim.js https://cdn.jsdelivr.net/gh/jquery/jquery@#/dist/jquery.js https://cdn.jsdelivr.net/jquery/#/jquery.min.js
    https://cdn.jsdelivr.net/g/jquery@# https://cdn.jsdelivr.net/combine/npm/jquery@#,npm/none@1.0.0 /js/jquery-#.js /js/jquery.#.min.js
    /js/jquery_#.js /lib/jquery/#/jquery.js /lib/jquery-#/jquery.min.js /assets/#/jquery.min.js /js/jquery.min-#.js /js/jquery-#.js?v=9.9.9
    /wp-includes/js/jquery/jquery.min.js?ver=#`,
  'jquery-migrate': `https://code.jquery.com/jquery-migrate-#.min.js ${cdnjs}/jquery-migrate/#/jquery-migrate.js ${unpkg}/jquery-migrate@#`,
  'jquery-validation': `${npm}/jquery-validation@#/dist/jquery.validate.min.js ${npm}/jquery-validation@#/dist/additional-methods.js
    ${cdnjs}/jquery-validate/#/jquery.validate.min.js ${microsoft}/jquery.validate/#/jquery.validate.js /js/jquery.validate-#.js
    /js/jquery.validation-#.min.js`,
  'jquery-mobile': `https://code.jquery.com/mobile/#/jquery.mobile-#.min.js ${cdnjs}/jquery-mobile/#/jquery.mobile.min.js
    ${google}/jquerymobile/#/jquery.mobile.min.js /js/jquery.mobile-#.js /lib/#/jquery.mobile.js`,
  'jquery-ui': `https://code.jquery.com/ui/#/jquery-ui.min.js ${google}/jqueryui/#/jquery-ui.min.js ${cdnjs}/jqueryui/#/jquery-ui.js
    ${microsoft}/jquery.ui/#/jquery-ui.min.js /js/jquery-ui-#.min.js /js/jquery-ui-#.custom.min.js /js/jquery-ui-#/jquery-ui.js`,
  'jquery.prettyPhoto': `${cdnjs}/prettyPhoto/#/js/jquery.prettyPhoto.min.js
    https://cdn.jsdelivr.net/gh/scaron/prettyphoto@#/js/jquery.prettyPhoto.js /js/jquery.prettyPhoto-#.js`,
  'jquery.terminal': `${cdnjs}/jquery.terminal/#/js/jquery.terminal.min.js ${npm}/jquery.terminal@#/js/unix_formatting.js`,
  'jquery-deparam': `${npm}/jquery-deparam@#/jquery-deparam.js ${cdnjs}/jquery-deparam/#/jquery-deparam.min.js`,
  'tableexport.jquery.plugin': `${npm}/tableexport.jquery.plugin@#/tableExport.min.js ${cdnjs}/TableExport/#/js/tableexport.min.js`,
  jPlayer: `${cdnjs}/jplayer/#/jquery.jplayer.min.js ${npm}/jplayer@#/dist/jplayer/jquery.jplayer.js`,
  knockout: `${cdnjs}/knockout/#/knockout-min.js ${microsoft}/knockout/knockout-#.js ${cdnjs}/knockout/#/knockout-latest.debug.js /js/knockout-#.min.js`,
  sessvars: '/js/sessvars-#.js /js/sessvars-#.min.js',
  swfobject: `${google}/swfobject/#/swfobject.js /js/swfobject_#.js ${cdnjs}/swfobject/#/swfobject.min.js`,
  tinyMCE: `${cdnjs}/tinymce/#/tinymce.min.js ${npm}/tinymce@#/tinymce.min.js ${unpkg}/tinymce@#/plugins/media/plugin.js`,
  YUI: 'https://yui.yahooapis.com/#/build/yui/yui-min.js /js/yui-#.min.js https://ajax.googleapis.com/ajax/libs/yui/#/build/yuiloader/yuiloader-min.js',
  prototypejs: `${google}/prototype/#/prototype.js ${cdnjs}/prototype/#/prototype.min.js /js/prototype-#.js`,
  ember: `${cdnjs}/ember.js/#/ember.min.js ${cdnjs}/ember.js/#/ember.prod.js ${cdnjs}/ember.js/#/ember-template-compiler.min.js
    ${cdnjs}/ember.js/#/ember-#.min.js https://builds.emberjs.com/release/v#/ember.min.js /emberjs/#/ember-runtime.js /js/ember-#.js`,
  dojo: `${google}/dojo/#/dojo/dojo.js ${google}/dojo/#/dojo/dojo.xd.js /js/dojo-#/dojo/dojo.js /js/dojo-#.js ${cdnjs}/dojo/#/dojo.js`,
  angularjs: `${google}/angularjs/#/angular.min.js ${cdnjs}/angular.js/#/angular.js https://code.angularjs.org/#/angular.min.js ${npm}/angular@#/angular.min.js
    https://cdn.jsdelivr.net/gh/angular/bower-angular@#/angular.js /js/angular-#.js /js/angularjs-#.min.js /lib/#/angular.js`,
  '@angular/core': `${unpkg}/@angular/core@#/bundles/core.umd.min.js ${npm}/@angular/core@#/fesm2022/core.mjs ${unpkg}/@angular/core@#`,
  'backbone.js': `${cdnjs}/backbone.js/#/backbone-min.js ${npm}/backbone@#/backbone.js /js/backbone-#.js /js/backbonejs-#.min.js`,
  'mustache.js': `${cdnjs}/mustache.js/#/mustache.min.js ${npm}/mustache@#/mustache.js /js/mustache-#.js /js/mustachejs-#.min.js`,
  handlebars: `${cdnjs}/handlebars.js/#/handlebars.min.js ${npm}/handlebars@#/dist/handlebars.runtime.js /js/handlebars-#.js /js/handlebarsjs-#.min.js`,
  easyXDM: `${cdnjs}/easyXDM/#/easyXDM.min.js /js/easyXDM-#/easyXDM.js /js/easyXDM-#.min.js`,
  plupload: `${cdnjs}/plupload/#/plupload.full.min.js /js/plupload-#.js ${unpkg}/plupload@#/js/plupload.min.js`,
  DOMPurify: `${cdnjs}/dompurify/#/purify.min.js ${npm}/dompurify@#/dist/purify.min.js https://raw.githubusercontent.com/cure53/DOMPurify/#/dist/purify.min.js`,
  react: `${cdnjs}/react/#/react.min.js ${unpkg}/react@#/umd/react.production.min.js https://fb.me/react-#.js /js/react-with-addons-#.js`,
  'react-dom': `${unpkg}/react-dom@#/umd/react-dom.production.min.js ${cdnjs}/react-dom/#/umd/react-dom-server.browser.min.js`,
  flowplayer: '/js/flowplayer-#.min.js https://releases.flowplayer.org/js/flowplayer-#.js',
  DWR: '/js/dwr-#.js',
  'moment.js': `${cdnjs}/moment.js/#/moment.min.js ${npm}/moment@#/min/moment.min.js /js/moment-#-min.js /js/moment.#.js ${cdnjs}/moment.js/#/moment-with-locales.js`,
  'underscore.js': `${cdnjs}/underscore.js/#/underscore-min.js ${npm}/underscore@#/underscore-umd.js /wp-includes/js/underscore.min.js?ver=#`,
  bootstrap: `https://maxcdn.bootstrapcdn.com/bootstrap/#/js/bootstrap.min.js https://netdna.bootstrapcdn.com/twitter-bootstrap/#/js/bootstrap.js
    ${microsoft}/bootstrap/#/bootstrap.min.js ${npm}/bootstrap@#/dist/js/bootstrap.bundle.min.js /js/bootstrap-#.js /lib/#/js/bootstrap.min.js`,
  'bootstrap-select': `${cdnjs}/bootstrap-select/#/js/bootstrap-select.min.js ${cdnjs}/bootstrap-select/#/js/i18n/defaults-de_DE.js`,
  ckeditor: `https://cdn.ckeditor.com/#/standard/ckeditor.js ${cdnjs}/ckeditor/#/ckeditor.js /js/ckeditor-#.min.js ${npm}/ckeditor4@#/ckeditor.js`,
  ckeditor5:
    'https://cdn.ckeditor.com/ckeditor5/#/classic/ckeditor.js https://cdn.ckeditor.com/ckeditor5/#/ckeditor5.umd.js /js/ckeditor5-#.min.js',
  vue: `${npm}/vue@# ${unpkg}/vue@#/dist/vue.js ${cdnjs}/vue/#/vue.min.js ${cdnjs}/vue/#/vue.global.prod.min.js ${cdnjs}/vue/#/vue.esm-browser.js /js/vue-#.min.js`,
  ExtJS: '/extjs/#/ext-all.js /extjs/#/src/panel/Panel.js /js/ext-all-#.js /js/ext-#/ext-base.js /js/ext-all-debug-#.js',
  svelte: `${unpkg}/svelte@#/internal/index.mjs /js/svelte-#.min.mjs /js/svelte@#.js`,
  axios: `${cdnjs}/axios/#/axios.min.js ${npm}/axios@#/dist/axios.min.js /js/axios-#.min.js /axios/#/lib/core/Axios.js`,
  'markdown-it': `${cdnjs}/markdown-it/#/markdown-it.min.js ${npm}/markdown-it@#/dist/markdown-it.js /js/markdown-it-#.js`,
  jszip: `${cdnjs}/jszip/#/jszip.min.js ${npm}/jszip@#/dist/jszip.min.js /js/jszip-#.js`,
  AlaSQL: `${npm}/alasql@#/dist/alasql.min.js ${cdnjs}/alasql/#/alasql.min.js /js/alasql-#.js`,
  'jquery.datatables': `https://cdn.datatables.net/#/js/jquery.dataTables.min.js ${cdnjs}/datatables/#/js/jquery.dataTables.js
    ${npm}/datatables.net@#/js/jquery.dataTables.min.js /lib/#/dataTables.min.js /js/jquery.dataTables-#.min.js`,
  'chart.js': `${cdnjs}/Chart.js/#/Chart.min.js ${cdnjs}/Chart.js/#/Chart.bundle.min.js ${npm}/chart.js@#/dist/Chart.min.js ${npm}/chart.js@#`,
  froala: `${cdnjs}/froala-editor/#/js/froala_editor.pkgd.min.js ${npm}/froala-editor@#/js/plugins/image.min.js`,
  pendo: '/js/pendo-#.js',
  highcharts: `https://code.highcharts.com/#/highcharts.js ${cdnjs}/highcharts/#/highcharts.min.js ${npm}/highcharts@#/modules/exporting.js`,
  select2: `${cdnjs}/select2/#/js/select2.min.js ${npm}/select2@#/dist/js/select2.full.min.js /lib/#/select2.js`,
  'blueimp-file-upload': `${cdnjs}/blueimp-file-upload/#/jquery.fileupload.min.js ${cdnjs}/blueimp-file-upload/#/js/jquery.fileupload-ui.js`,
  c3: `${cdnjs}/c3/#/c3.min.js ${npm}/c3@#/c3.js`,
  lodash: `${cdnjs}/lodash.js/#/lodash.min.js ${npm}/lodash@#/lodash.min.js ${npm}/lodash@#/fp.js /lib/#/lodash.core.js`,
  'ua-parser-js': `${cdnjs}/UAParser.js/#/ua-parser.min.js ${npm}/ua-parser-js@#/dist/ua-parser.min.js /lib/#/ua-parser.js`,
  mathjax: `${cdnjs}/mathjax/#/MathJax.js?config=TeX-AMS ${npm}/mathjax@#/es5/tex-mml-chtml.js https://cdn.mathjax.org/mathjax/#/config/TeX.js`,
  'pdf.js': `${cdnjs}/pdf.js/#/pdf.min.js ${unpkg}/pdfjs-dist@#/build/pdf.worker.mjs`,
  threejs: `${unpkg}/three@#/build/three.min.js ${cdnjs}/three.js/#/three.module.min.js /three.js@#/build/three.js`,
  highlightjs: `${cdnjs}/highlight.js/#/highlight.min.js ${cdnjs}/highlight.js/#/languages/go.min.js ${npm}/@highlightjs/cdn-assets@#/highlight.min.js
    https://cdn.jsdelivr.net/gh/highlightjs/cdn-release@#/build/highlight.min.js /js/highlight-#.min.js /js/highlight.#.js`,
  marked: `${cdnjs}/marked/#/marked.min.js ${npm}/marked@#/marked.min.js /js/marked-#.js /js/marked.#.min.js`,
  nextjs: `${unpkg}/next@#/dist/client/index.js`,
}

const numbers = (version: string): number[] => version.split('.').map(Number)
const isBefore = (a: string, b: string): boolean => {
  const [left, right] = [numbers(a), numbers(b)]
  const at = [0, 1, 2, 3].find((index) => (left[index] ?? 0) !== (right[index] ?? 0))
  return at !== undefined && (left[at] ?? 0) < (right[at] ?? 0)
}
const isPlain = (version: string): boolean => /^\d+\.\d+\.\d+(?:\.\d+)?$/.test(version)
const isReal = (version: string): boolean => isPlain(version) && !/999/.test(version)
const before = (version: string): string[] => {
  const parts = numbers(version)
  const last = parts.length - 1
  const lowered = (at: number) => parts.map((part, index) => (index === at ? part - 1 : index > at ? 99 : part)).join('.')
  return (parts[last] ?? 0) > 0
    ? [lowered(last)]
    : parts.flatMap((part, at) => (part > 0 && at < last ? [lowered(at)] : [])).slice(-1)
}

/** Every plain bound of a library with the release before it, each with whether the table's plain ranges hold it. */
function boundsOf(library: KnownLibrary): { version: string; isAffected: boolean }[] {
  const ranges = knownVulnerabilities[library].split('\n').map((line) => {
    const [from = '', below = ''] = (line.trim().split(' ')[0] ?? '').split('..')
    return { from: from || '0.0.0', below }
  })
  // What a range with a word in its bounds says of a version of numbers: the word comes before the release of its numbers.
  const plain = (bound: string) => bound.replace(/[-.]?[a-z].*$/i, '')
  const versions = new Set(
    ranges.flatMap(({ from, below }) => [from, below].filter(isReal).flatMap((bound) => [bound, ...before(bound)])),
  )
  return [...versions].map((version) => ({
    version,
    isAffected: ranges.some(({ from, below }) => !isBefore(version, plain(from)) && isBefore(version, plain(below))),
  }))
}

const cases = (Object.keys(addresses) as KnownLibrary[]).flatMap((library) =>
  addresses[library].split(/\s+/).flatMap((address) =>
    boundsOf(library).flatMap(({ version, isAffected }) => {
      // WordPress brings releases of three numbers.
      if (address.includes('ver=#') && numbers(version).length !== 3) return []
      return [{ library, version, isAffected, url: address.replaceAll('#', version) }]
    }),
  ),
)

test('every library is found at each address in every affected release, and in no other', () => {
  const wrong = cases.filter(({ library, version, isAffected, url }) => {
    const found = vulnerableLibraries(url).map((each) => `${each.library}@${each.version}`)
    return found.join() !== (isAffected ? `${library}@${version}` : '')
  })
  expect(wrong.map(({ url, isAffected }) => `${isAffected} ${url} ${JSON.stringify(vulnerableLibraries(url))}`)).toEqual([])
  expect(cases.length).toBeGreaterThan(3_500)
  expect(cases.filter(({ isAffected }) => !isAffected).length).toBeGreaterThan(300)
})

test.each([
  ['jquery', '1.8.3 1.9.0a1', '1.9.0b1', 'CVE-2012-6708'],
  ['jquery', '3.0.0-alpha1 2.2.4', '3.0.0-beta1', 'CVE-2015-9251'],
  ['jquery', '3.0.0-rc.1 3.0.0-rc1', '3.0.0', 'CVE-2016-10707'],
  ['jquery-mobile', '1.0RC1 1.0b3', '1.0RC2', 'osvdb-94563'],
  ['prototypejs', '1.6.0 1.6.0.1', '1.6.0.2', 'CVE-2008-7220'],
  ['ember', '1.0.0-rc.1', '1.0.0-rc.1.1', 'CVE-2013-4170'],
  ['ember', '4.9.0-alpha.1 4.9.0-beta.2', '4.9.0-beta.3', 'ember-4.8.1'],
  ['handlebars', '1.0.0.beta.2', '1.0.0.beta.3', 'handlebars-68'],
  ['bootstrap', '4.0.0-beta', '4.0.0-beta.2', 'CVE-2016-10735'],
  ['DWR', '3.0.RC2', '3.0.RC3', 'CVE-2014-5325'],
  ['YUI', '2.8.0r4 2.8.1', '2.8.2r1', 'CVE-2010-4209'],
  ['vue', '2.7.16', '3.0.0-alpha.0', 'CVE-2024-9506'],
  ['angularjs', '1.4.9 1.5.0-beta.0', '1.5.0-beta.1', 'CVE-2019-14863'],
  ['@angular/core', '11.1.0-next.2', '11.1.0-next.3', 'CVE-2021-4231'],
  ['swfobject', '2.0', '2.1', 'swfobject-2.1'],
  ['dojo', '1.4.1', '1.4.2', 'CVE-2010-2273'],
  ['sessvars', '1.00', '1.01', 'sessvars-eval'],
  ['nextjs', '13.4.20-canary.12', '13.4.20-canary.13', 'CVE-2023-46298'],
  ['jquery', '1.12.4', '1.12.4-aem', 'CVE-2015-9251'],
] as const)('of %s %s an advisory holds, of %s not', (library, held, free, id) => {
  const address = addresses[library].trim().split(/\s+/)[0] ?? ''
  const idsOf = (version: string) =>
    vulnerableLibraries(address.replaceAll('#', version)).flatMap(({ advisories }) => advisories.map((each) => each.id))
  for (const version of held.split(' ')) expect(idsOf(version)).toContain(id)
  expect(idsOf(free)).not.toContain(id)
})

test.each([
  `${cdnjs}/angular.js/1.5.0/angular-animate.min.js`,
  `${npm}/angular-animate@1.5.0/angular-animate.min.js`,
  `${google}/angularjs/1.5.0/angular-route.js`,
  `${npm}/vue-router@2.0.0/dist/vue-router.js`,
  `${cdnjs}/vuex/2.0.0/vuex.min.js`,
  `${unpkg}/react-router@3.0.0/umd/ReactRouter.min.js`,
  `${unpkg}/react-router-dom@4.0.0/umd/react-router-dom.js`,
  `${cdnjs}/react-is/16.0.0/umd/react-is.production.min.js`,
  `${unpkg}/scheduler@0.11.0/umd/scheduler.js`,
  `${cdnjs}/jquery-cookie/1.4.1/jquery.cookie.min.js`,
  `${cdnjs}/jquery.lazyload/1.9.1/jquery.lazyload.js`,
  `${cdnjs}/jquery.form/1.2.3/jquery.form.min.js`,
  `${cdnjs}/jquery-easing/1.3/jquery.easing.min.js`,
  '/js/jquery-ui-timepicker-addon-1.4.js',
  '/js/jquery.ui.touch-punch-0.2.3.min.js',
  '/js/jquery.bootstrap-1.0.0.js',
  '/js/bootstrap-datepicker-1.3.0.js',
  `${cdnjs}/bootstrap-datepicker/1.3.0/js/bootstrap-datepicker.min.js`,
  `${npm}/bootstrap-vue@2.0.0/dist/bootstrap-vue.js`,
  `${npm}/moment-timezone@0.5.0/builds/moment-timezone.js`,
  '/js/moment-timezone-0.5.0.js',
  `${npm}/lodash-es@4.17.4/lodash.js`,
  `${npm}/underscore.string@2.0.0/dist/underscore.string.js`,
  `${npm}/highcharts-more@1.0.0/x.js`,
  `${cdnjs}/pdfobject/2.0.0/pdfobject.min.js`,
  '/js/backbone.marionette-1.0.0.js',
  '/js/knockout.mapping-2.0.0.js',
  '/js/ember-data-1.0.0.js',
  '/js/select2-bootstrap-1.0.0.js',
  '/assets/1.2.3/chart.js',
  '/assets/1.2.3/pdf.js',
  '/assets/1.2.3/core.js',
  '/ui/1.2.3/app.js',
  '/mobile/1.2.3/app.js',
  '/ext/1.2.3/app.js',
  `${npm}/ui@1.0.0/index.js`,
  `${npm}/mobile@1.0.0/index.js`,
  'https://cdn.jsdelivr.net/gh/somebody/jquery@1.0.0/mine.js',
  '/js/jquery.min.js?ver=1.12.4',
  '/js/jquery-1.12.4-wp.js',
  '/wp-includes/js/jquery/jquery.min.js?ver=5.9',
  '/css/bootstrap-3.3.7.min.css',
  `${cdnjs}/jquery/1.8.1/jquery.min.map`,
])('nothing is said of %s', (url) => expect(vulnerableLibraries(url)).toEqual([]))
