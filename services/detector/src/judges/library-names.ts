import type { KnownLibrary } from './known-vulnerabilities.ts'

export interface LibraryNames {
  /** As its packages are called on npm and GitHub, in lower case. */
  readonly packages: readonly string[]
  /** As the folders are called that hold its releases, in lower case: its packages, and what CDNs call it. */
  readonly folders: readonly string[]
  /** As its files are called, without version, `.min` and ending: a pattern, in lower case. */
  readonly files: string
  /** Files whose names others use too: the library's only in its own folder. */
  readonly ownFiles: string
  /** In folders of these names any script is a part of it. */
  readonly wholeFolders: readonly string[]
}

const noFile = '(?!)'
const words = (text: string): string[] => text.split(' ').filter((word) => word !== '')
const named = (
  packages: string,
  files: string,
  more: { folders?: string; ownFiles?: string; wholeFolders?: string } = {},
): LibraryNames => ({
  packages: words(packages),
  folders: words(`${packages} ${more.folders ?? ''}`),
  files: words(files).join('|') || noFile,
  ownFiles: more.ownFiles ?? noFile,
  wholeFolders: words(more.wholeFolders ?? ''),
})
/** Called by one word everywhere, and nobody else's. */
const whole = (name: string, files: string = name.replaceAll('.', '\\.')): LibraryNames =>
  named(name, files, { wholeFolders: name })

/** How each library is called where it is loaded from. */
export const libraryNames = {
  jquery: named('jquery jquery-slim', 'jquery', { folders: 'jquery-dist' }),
  'jquery-migrate': named('jquery-migrate', 'jquery-migrate', { folders: 'jquery.migrate' }),
  'jquery-validation': named('jquery-validation', 'jquery\\.validat(?:e|ion)', {
    folders: 'jquery-validate jquery.validate jquery.validation',
  }),
  'jquery-mobile': named('jquery-mobile', 'jquery[.-]mobile', { folders: 'jquery.mobile mobile jquerymobile' }),
  'jquery-ui': named('jquery-ui jquery-ui-dist', 'jquery[.-]?ui', { folders: 'jqueryui jquery.ui ui' }),
  'jquery.prettyPhoto': named('jquery-prettyphoto', 'jquery\\.prettyphoto', { folders: 'prettyphoto' }),
  'jquery.terminal': whole('jquery.terminal'),
  'jquery-deparam': named('jquery-deparam', 'jquery-deparam'),
  'tableexport.jquery.plugin': named('tableexport.jquery.plugin', 'tableexport', { folders: 'tableexport' }),
  jPlayer: named('jplayer', 'jquery\\.jplayer'),
  knockout: named('knockout', 'knockout', { folders: 'knockoutjs', ownFiles: 'knockout-[a-z][a-z.]{0,20}' }),
  sessvars: named('sessvars', 'sessvars'),
  swfobject: named('swfobject', 'swfobject', { folders: 'swfobject-bower' }),
  tinyMCE: named('tinymce', 'tinymce tiny_mce', { folders: 'tinymce-dist' }),
  YUI: named('yui yui3', 'yui yahoo-dom-event yuiloader', { ownFiles: 'yahoo' }),
  prototypejs: named('prototypejs', 'prototype', { folders: 'prototype prototype.js prototypejs-bower' }),
  ember: named('ember-source ember.js', 'ember ember-template-compiler', {
    folders: 'ember emberjs',
    ownFiles: 'ember[.-][a-z][a-z.-]{0,40}',
  }),
  dojo: named('dojo', 'dojo dojo\\.xd', { folders: 'dojotoolkit dojo-release' }),
  angularjs: named('angular angular.js bower-angular', 'angular angularjs', { folders: 'angularjs' }),
  '@angular/core': named('@angular/core', ''),
  'backbone.js': named('backbone', 'backbone backbonejs', { folders: 'backbone.js backbonejs' }),
  'mustache.js': named('mustache', 'mustache mustachejs', { folders: 'mustache.js' }),
  handlebars: named('handlebars', 'handlebars handlebarsjs', { folders: 'handlebars.js' }),
  easyXDM: named('easyxdm', 'easyxdm'),
  plupload: named('plupload', 'plupload'),
  DOMPurify: named('dompurify', 'purify dompurify'),
  react: named('react', 'react react-with-addons'),
  'react-dom': whole('react-dom'),
  flowplayer: named('flowplayer', 'flowplayer'),
  DWR: named('dwr', 'dwr'),
  'moment.js': named('moment', 'moment moment-with-locales moment-with-langs', { folders: 'moment.js momentjs' }),
  'underscore.js': named('underscore', 'underscore', { folders: 'underscore.js' }),
  bootstrap: named('bootstrap', 'bootstrap', { folders: 'twitter-bootstrap' }),
  'bootstrap-select': whole('bootstrap-select'),
  ckeditor: named('ckeditor ckeditor4', 'ckeditor', { folders: 'ckeditor-full' }),
  ckeditor5: named('ckeditor5 @ckeditor/ckeditor5-build-classic @ckeditor/ckeditor5-build-inline', 'ckeditor5', {
    ownFiles: 'ckeditor',
  }),
  vue: named('vue', 'vue', { folders: 'vuejs', ownFiles: 'vue\\.[a-z][a-z.-]{0,40}' }),
  ExtJS: named('extjs', 'ext-all ext-base ext-all-debug', { folders: 'ext', wholeFolders: 'extjs' }),
  svelte: whole('svelte'),
  axios: whole('axios'),
  'markdown-it': whole('markdown-it'),
  jszip: whole('jszip'),
  AlaSQL: whole('alasql'),
  'jquery.datatables': named('datatables.net datatables', 'jquery\\.datatables datatables', { folders: 'dt jquery.datatables' }),
  'chart.js': named('chart.js', 'chartjs chart\\.js', { folders: 'chartjs', ownFiles: 'chart' }),
  froala: whole('froala-editor', 'froala_editor'),
  pendo: named('pendo', 'pendo'),
  highcharts: named('highcharts', 'highcharts highstock'),
  select2: named('select2', 'select2'),
  'blueimp-file-upload': named('blueimp-file-upload', 'jquery\\.fileupload(?:-ui)?'),
  c3: named('c3', 'c3'),
  lodash: named('lodash', 'lodash', { folders: 'lodash.js' }),
  'ua-parser-js': named('ua-parser-js', 'ua-parser', { folders: 'uaparser.js' }),
  mathjax: named('mathjax', 'mathjax tex-mml-chtml tex-chtml tex-svg mml-chtml', { wholeFolders: 'mathjax' }),
  'pdf.js': named('pdfjs-dist', 'pdfjs', {
    folders: 'pdf.js pdfjs',
    wholeFolders: 'pdf.js pdfjs-dist',
  }),
  threejs: named('three', 'three threejs', { folders: 'three.js threejs', wholeFolders: 'three.js' }),
  highlightjs: named('highlight.js @highlightjs/cdn-assets', 'highlight highlight\\.pack', {
    folders: 'highlightjs cdn-release',
    wholeFolders: 'highlight.js',
  }),
  marked: whole('marked'),
  nextjs: named('next', ''),
} as const satisfies Record<KnownLibrary, LibraryNames>
