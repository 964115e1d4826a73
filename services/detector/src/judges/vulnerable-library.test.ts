import { expect, test } from '@jest/globals'
import { compareVersions, partsOf } from './library-version.ts'
import { vulnerableLibraries } from './vulnerable-library.ts'

const found = (url: string, content?: string): string =>
  vulnerableLibraries(url, content)
    .map(({ library, version, severity }) => `${library}@${version} ${severity}`)
    .join(', ')

test.each([
  ['https://code.jquery.com/jquery-1.12.4.min.js', 'jquery@1.12.4 medium'],
  ['https://code.jquery.com/jquery-3.4.1.slim.min.js', 'jquery@3.4.1 medium'],
  ['https://ajax.googleapis.com/ajax/libs/jquery/1.9.1/jquery.min.js', 'jquery@1.9.1 medium'],
  ['//cdnjs.cloudflare.com/ajax/libs/jquery/3.0.0-beta1/jquery.js', 'jquery@3.0.0-beta1 medium'],
  ['https://cdn.jsdelivr.net/npm/jquery@3.2.1/dist/jquery.min.js', 'jquery@3.2.1 medium'],
  [
    'https://cdn.jsdelivr.net/combine/npm/jquery@3.2.1,npm/bootstrap@4.0.0/dist/js/bootstrap.min.js',
    'jquery@3.2.1 medium, bootstrap@4.0.0 medium',
  ],
  ['/assets/jquery-1.8.3.min-3f786850e387550fdab836ed7e6dc881.js', 'jquery@1.8.3 medium'],
  ['/js/jquery-1.9.1/jquery.min.js', 'jquery@1.9.1 medium'],
  ['https://ajax.googleapis.com/ajax/libs/jquery/1.4/jquery.min.js', 'jquery@1.4 medium'],
  ['https://code.jquery.com/ui/1.12.1/jquery-ui.min.js', 'jquery-ui@1.12.1 medium'],
  ['https://code.jquery.com/mobile/1.4.5/jquery.mobile-1.4.5.min.js', 'jquery-mobile@1.4.5 high'],
  ['https://cdn.jsdelivr.net/npm/jquery-validation@1.15.1/dist/jquery.validate.min.js', 'jquery-validation@1.15.1 high'],
  ['https://maxcdn.bootstrapcdn.com/bootstrap/3.3.7/js/bootstrap.min.js', 'bootstrap@3.3.7 medium'],
  ['https://ajax.googleapis.com/ajax/libs/angularjs/1.5.0-rc.0/angular.min.js', 'angularjs@1.5.0-rc.0 high'],
  ['https://cdn.jsdelivr.net/npm/vue@2.6.11', 'vue@2.6.11 low'],
  ['https://cdnjs.cloudflare.com/ajax/libs/vue/1.0.28/vue.min.js', 'vue@1.0.28 medium'],
  ['https://cdnjs.cloudflare.com/ajax/libs/moment.js/2.18.1/moment.min.js', 'moment.js@2.18.1 high'],
  ['https://cdnjs.cloudflare.com/ajax/libs/knockout/3.0.0/knockout-min.js', 'knockout@3.0.0 medium'],
  ['https://cdnjs.cloudflare.com/ajax/libs/ember.js/3.1.0/ember.prod.js', 'ember@3.1.0 high'],
  ['https://cdnjs.cloudflare.com/ajax/libs/three.js/r110/three.min.js', 'threejs@0.110.0 high'],
  ['https://cdn.datatables.net/1.10.19/js/jquery.dataTables.min.js', 'jquery.datatables@1.10.19 high'],
  ['https://cdn.ckeditor.com/4.11.1/standard/ckeditor.js', 'ckeditor@4.11.1 medium'],
  ['https://cdn.ckeditor.com/ckeditor5/12.0.0/classic/ckeditor.js', 'ckeditor5@12.0.0 low'],
  ['https://ajax.googleapis.com/ajax/libs/dojo/1.6.0/dojo/dojo.xd.js', 'dojo@1.6.0 high'],
  ['https://unpkg.com/react-dom@16.4.1/umd/react-dom.production.min.js', 'react-dom@16.4.1 medium'],
  ['https://code.highcharts.com/6.0.0/highcharts.js', 'highcharts@6.0.0 high'],
  ['https://cdnjs.cloudflare.com/ajax/libs/lodash.js/4.17.4/lodash.min.js', 'lodash@4.17.4 high'],
  ['https://cdnjs.cloudflare.com/ajax/libs/tinymce/4.0.20/tinymce.min.js', 'tinyMCE@4.0.20 high'],
  ['https://cdnjs.cloudflare.com/ajax/libs/prototype/1.5.0/prototype.js', 'prototypejs@1.5.0 high'],
  ['https://ga.jspm.io/npm:lodash@4.17.15/lodash.js', 'lodash@4.17.15 high'],
  ['/js/jquery-ui-1.8.16.custom/js/jquery-ui.js', 'jquery-ui@1.8.16 medium'],
  ['/js/jqueryui-1.8.16.min.js', 'jquery-ui@1.8.16 medium'],
  ['/js/handlebars.runtime-v1.3.0.js', 'handlebars@1.3.0 high'],
  ['/js/bootstrap.bundle-4.1.0.min.js', 'bootstrap@4.1.0 medium'],
  ['/js/DataTables-1.10.7/media/js/jquery.dataTables.min.js', 'jquery.datatables@1.10.7 high'],
  ['/js/dojo-release-1.6.1/dojo/dojo.js', 'dojo@1.6.1 high'],
])('%s', (url, expected) => expect(found(url)).toBe(expected))

test.each([
  'https://code.jquery.com/jquery-3.7.1.min.js',
  'https://cdn.jsdelivr.net/npm/bootstrap@5.3.3/dist/js/bootstrap.bundle.min.js',
  'https://cdn.jsdelivr.net/npm/vue@3.2.37/dist/vue.global.prod.js',
  // A version that a cache is told by is not the library's; one of a range may be any; one of another package is not this one's.
  '/js/jquery.min.js?ver=1.12.4',
  'https://cdn.jsdelivr.net/npm/jquery@latest/dist/jquery.min.js',
  'https://cdn.jsdelivr.net/npm/jquery@3/dist/jquery.min.js',
  'https://cdn.jsdelivr.net/npm/slick-carousel@1.8.1/slick/slick.min.js',
  'https://cdn.jsdelivr.net/npm/some-theme@1.0.2/vendor/jquery.js',
  '/theme/1.2/vendor/jquery.js',
  '/1.4.2/assets/jquery.js',
  '/js/jquery.plugin-1.2.3.js',
  '/js/DataTables-1.10.7/media/js/jquery.js',
  '/js/jquery-ui-1.8.16.custom/js/jquery.js',
  '/js/superjquery-1.8.1.min.js',
  '/js/jquery-1.8.1/jquery-ui.min.js',
  '/js/jquery-cookie-1.4.1.min.js',
  '/js/app.3f9ab2c1.js',
  'not an address %zz',
])('nothing is said of %s', (url) => expect(found(url)).toBe(''))

test.each([
  ['/*! jQuery v1.12.4 | (c) jQuery Foundation */', 'jquery@1.12.4 medium'],
  ['/*!\n * jQuery JavaScript Library v2.1.1\n */', 'jquery@2.1.1 medium'],
  ['/*!\n * Bootstrap v3.3.7 (http://getbootstrap.com)', 'bootstrap@3.3.7 medium'],
  ['//! moment.js\n//! version : 2.10.2', 'moment.js@2.10.2 high'],
  ['/*\n AngularJS v1.4.8\n (c) 2010-2015', 'angularjs@1.4.8 high'],
  ['/*! jQuery v3.7.1 */', ''],
  ['/* needs jQuery v1.7 or later */', ''],
])('by its content: %s', (content, expected) => expect(found('/bundle.js', content)).toBe(expected))

test('advisories are named', () =>
  expect(vulnerableLibraries('/jquery-3.4.1.js')[0]?.advisories.map(({ id }) => id)).toEqual([
    'CVE-2020-11023',
    'CVE-2020-11022',
  ]))

test.each([
  ['1.9.0b1', '1.9.0'],
  ['1.0.0-rc.1', '1.0.0'],
  ['1.0.0-rc.1', '1.0.0-rc.1.1'],
  ['1.0.0-beta.2', '1.0.0-rc.1'],
  ['1.9.9', '1.10.0'],
  ['2', '2.0.1'],
])('%s is older than %s', (a, b) => expect(compareVersions(partsOf(a), partsOf(b))).toBeLessThan(0))

test('a hostile text or address costs little', () => {
  const started = performance.now()
  for (const piece of [
    '/*',
    '/*! ',
    'jquery-1.',
    '1.1.1-',
    'a@',
    '/',
    '%',
    'jquery:',
    ' m="1.1.1"jquery:',
    'Ember',
    '"1.1.1"__NEXT_DATA__',
  ])
    vulnerableLibraries(piece.repeat(200_000 / piece.length), piece.repeat(1_000_000 / piece.length))
  expect(performance.now() - started).toBeLessThan(5_000)
})

test.each([
  ['* jQuery 1.2.6 - New Wave Javascript', 'jquery@1.2.6 medium'],
  [
    '(function(a,b){var c="x",m="1.11.1",n=function(a,b){return new n.fn.init(a,b)};n.fn=n.prototype={jquery:m,constructor:n}',
    'jquery@1.11.1 medium',
  ],
  ['(function(a,b){var c="x",m="3.7.1",n=function(a,b){};n.fn=n.prototype={jquery:m,constructor:n}', ''],
  ['/*! jQuery UI - v1.8.23 - 2012\n* Includes: jquery.ui.core.js', 'jquery-ui@1.8.23 medium'],
  ['/*\n * jQuery UI Dialog 1.8.16\n', 'jquery-ui@1.8.16 medium'],
  ['/*!\n * jQuery UI Touch Punch 0.2.3\n', ''],
  ['/* ----\n\tClass: prettyPhoto\n\tUse: Lightbox\n\tAuthor: S\n\tVersion: 3.1.5\n---- */', 'jquery.prettyPhoto@3.1.5 high'],
  ['tinyMCE.x=1;var a={majorVersion:"4",minorVersion:"1.7",releaseDate:"2014"};tinymce.b()', 'tinyMCE@4.1.7 high'],
  ['// 4.0.20 (2014-03-18)\n!function(e,t){"use strict";window.tinymce=1', 'tinyMCE@4.0.20 high'],
  ['dojox={};dojo.version={major:1, minor:6, patch:0, flag:""}', 'dojo@1.6.0 high'],
  ['/** @license React v16.4.1\n * react-dom.production.min.js\n */', 'react-dom@16.4.1 medium'],
  ['/** @license React v16.4.1\n * react.production.min.js\n */', 'react@16.4.1 medium'],
  ['/** @license React v16.4.1\n * react-is.production.min.js\n */', ''],
  ['/**\n * React v0.13.3\n *\n * Copyright', 'react@0.13.3 high'],
  ['/**\n * React (with addons) v0.12.2\n */', 'react@0.12.2 high'],
  ['/**\n * @license Angular v10.2.4\n */ x.setAttribute("ng-version",v)', '@angular/core@10.2.4 high'],
  ['/**\n * @license Angular v10.2.4\n */ router', ''],
  ['window.next={version:"13.4.19",appDir:!0}', 'nextjs@13.4.19 high'],
  ['var a=1,version="12.1.6";t=JSON.parse(document.getElementById("__NEXT_DATA__").textContent)', 'nextjs@12.1.6 high'],
  ['const REVISION = "110"; window.THREE = THREE', 'threejs@0.110.0 high'],
  ['REVISION="128";window.THREE={}', ''],
  ['c.version="2.18.1",c.fn=f,c.duration=Wt,c.isMoment=h', 'moment.js@2.18.1 high'],
  ['/* Sketch.min.js generated by Svelte v3.4.0 */', 'svelte@3.4.0 high'],
  ['window.CKEDITOR||(window.CKEDITOR=function(){var a={timestamp:"F0RD",version:"4.4.7",', 'ckeditor@4.4.7 medium'],
  ['t.name="mustache.js",t.version="2.0.0"', 'mustache.js@2.0.0 high'],
  ['/*!\n\n handlebars v4.0.5\n\n@license', 'handlebars@4.0.5 critical'],
  ['/*! @license DOMPurify 2.0.1 | (c) Cure53', 'DOMPurify@2.0.1 high'],
  ['// Pendo Agent Wrapper\n// Environment:    production\n// Agent Version:  2.15.17\n', 'pendo@2.15.17 medium'],
  ['easyXDM={};b(x,{version:"2.4.15.118",query:y,stack:{}', 'easyXDM@2.4.15.118 medium'],
  ['u.version="2.0.0",u.removed=[],!o||!o.document', 'DOMPurify@2.0.0 high'],
  ['var Backbone;e.VERSION="0.3.3";e.$=r;e.noConflict=function(){t.Backbone=s;return this}', 'backbone.js@0.3.3 medium'],
  ['n._=w,w.VERSION="1.4.4";var A=w.each=w.forEach=function(n,t,e){}', 'underscore.js@1.4.4 high'],
  [
    '/**\n * @license\n * lodash 4.17.4 (Custom Build) <x>\n * Build: `lodash core -o ./dist/lodash.core.js`\n */',
    'lodash@4.17.4 high',
  ],
  [
    '/**\n * lodash 3.0.3 (Custom Build) <https://lodash.com/>\n * Build: `lodash modern modularize exports="npm" -o ./`\n */',
    '',
  ],
  ["  _.VERSION = '1.4.4';", 'underscore.js@1.4.4 high'],
  ['})}),_.VERSION="1.3.1",_.prototype.toString=function(){}', ''],
  ['function lodash(){}n._=w,w.VERSION="1.3.1";w.each=f', ''],
  ["//! moment.js\n;hooks.version = '2.24.0';", 'moment.js@2.24.0 high'],
  ['//! AlaSQL v0.6.5-develop-8f4550a8 | (c)', 'AlaSQL@0.6.5 high'],
  ['k={version:"0.4.10"};k.generate=function(a){}', 'c3@0.4.10 medium'],
  ['/*\n  Highlight.js 10.1.1 (93fd0d73)\n*/', 'highlightjs@10.1.1 medium'],
  ['var ko={};ko.version = "2.1.0";', 'knockout@2.1.0 medium'],
  [`// 4.5.7 (2017-04-25)\n${'a();'.repeat(1_000)}tinymce`, 'tinyMCE@4.5.7 high'],
  ['/*\n React v16.0.0\n react-dom-server.browser.production.min.js\n', 'react-dom@16.0.0 medium'],
  ['/*\n React v16.0.0\n react.production.min.js\n', 'react@16.0.0 medium'],
  ['/*\n * jPlayerInspector Plugin for jPlayer Plugin for jQuery JavaScript Library\n * Version: 1.0.5\n', ''],
])('by other marks: %s', (content, expected) => expect(found('/bundle.js', content)).toBe(expected))
