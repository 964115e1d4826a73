/**
 * Which versions of libraries for browsers have known weaknesses: `[from]..below severity id`, a line each; a version is affected when
 * it is at least `from` and less than `below`. The facts are public: they were compiled in November 2026 from the CVE and GitHub
 * advisory databases and from the data of retire.js (repository/jsrepository-master.json, Apache-2.0, © Erlend Oftedal and
 * contributors); no text of theirs is copied. `end-of-life` stands for a line of releases that gets no fixes any more.
 */
export const knownVulnerabilities = {
  jquery: `..1.6.3 medium CVE-2011-4969
    ..1.9.0b1 medium CVE-2012-6708
    1.2.1..1.9.0 medium CVE-2020-7656
    1.4.0..1.12.0 medium CVE-2015-9251
    1.12.3..3.0.0-beta1 medium CVE-2015-9251
    1.8.0..2.2.0 medium jquery-11974
    2.2.2..3.0.0 medium jquery-11974
    ..2.999.999 low end-of-life
    3.0.0-rc.1..3.0.0 high CVE-2016-10707
    1.1.4..3.4.0 medium CVE-2019-11358
    1.0.3..3.5.0 medium CVE-2020-11023
    1.2.0..3.5.0 medium CVE-2020-11022`,
  'jquery-migrate': `..1.2.0 medium jquery-migrate-36
    ..1.2.2 medium jquery-11290`,
  'jquery-validation': `..1.19.3 high CVE-2021-21252
    ..1.19.4 low CVE-2021-43306
    ..1.19.5 high CVE-2022-31147
    ..1.20.0 medium CVE-2025-3573`,
  'jquery-mobile': `..1.0.1 high osvdb-94317
    ..1.0RC2 high osvdb-94563
    ..1.2.0 medium jquery-mobile-4787
    ..100.0.0 high GHSA-fj93-7wm4-8x2g`,
  'jquery-ui': `..1.13.0 medium CVE-2021-41182
    ..1.13.0 medium CVE-2021-41183
    ..1.13.0 medium CVE-2021-41184
    ..1.13.2 medium CVE-2022-31160
    1.7.0..1.10.0 medium CVE-2010-5312
    1.9.2..1.10.0 medium CVE-2012-6662
    ..1.12.0 medium CVE-2016-7103`,
  prettyphoto: `..3.1.5 medium CVE-2013-6837
    ..3.1.6 high prettyphoto-149`,
  'jquery.terminal': `..1.21.0 medium GHSA-2hwp-g4g7-mwwj
    ..2.31.1 low CVE-2021-43862`,
  'jquery-deparam': `..0.5.4 high CVE-2021-20087`,
  tableexport: `..1.25.0 medium CVE-2022-1291`,
  jplayer: `..2.2.20 medium CVE-2013-1942
    ..2.3.0 medium CVE-2013-2022
    ..2.3.1 medium CVE-2013-2023`,
  knockout: `..3.5.0 medium CVE-2019-14862`,
  sessvars: `..1.01 low sessvars-eval`,
  swfobject: `..2.1 medium swfobject-2.1`,
  tinymce: `..1.4.2 high CVE-2011-4825
    ..4.2.4 medium tinymce-4.2.4
    ..4.7.12 medium tinymce-4.7.12
    ..4.9.7 high CVE-2020-17480
    5.0.0..5.1.4 high CVE-2020-17480
    ..4.9.10 medium CVE-2019-1010091
    5.0.0..5.2.2 medium CVE-2019-1010091
    ..4.9.11 medium CVE-2020-12648
    5.0.0..5.4.1 medium CVE-2020-12648
    ..5.6.0 medium CVE-2024-21911
    ..5.7.1 medium GHSA-5vm8-hhgr-jcjp
    ..5.9.0 medium CVE-2024-21908
    ..5.10.0 medium CVE-2024-21910
    ..5.10.7 medium CVE-2022-23494
    6.0.0..6.3.1 medium CVE-2022-23494
    ..5.10.8 medium CVE-2023-45818
    ..5.10.8 medium CVE-2023-45819
    6.0.0..6.7.1 medium CVE-2023-45818
    6.0.0..6.7.1 medium CVE-2023-45819
    ..5.10.9 medium CVE-2023-48219
    6.0.0..6.7.3 medium CVE-2023-48219
    ..5.11.0 medium CVE-2024-38356
    ..5.11.0 medium CVE-2024-38357
    6.0.0..6.8.4 medium CVE-2024-38356
    6.0.0..6.8.4 medium CVE-2024-38357
    ..6.8.1 medium CVE-2024-29203
    ..7.0.0 medium CVE-2024-29881
    7.0.0..7.2.0 medium CVE-2024-38356
    7.0.0..7.2.0 medium CVE-2024-38357`,
  yui: `2.4.0..2.8.2 medium CVE-2010-4207
    2.5.0..2.8.2 medium CVE-2010-4208
    2.8.0..2.8.2 medium CVE-2010-4209
    ..2.9.0 medium CVE-2010-4710
    2.4.0..2.9.1 medium CVE-2012-5881
    2.5.0..2.9.1 medium CVE-2012-5882
    2.8.0..2.9.1 medium CVE-2012-5883
    3.2.0..3.9.2 medium CVE-2013-4941
    3.2.0..3.9.2 medium CVE-2013-4942
    3.0.0..3.10.3 medium CVE-2013-4939
    3.0.0..3.10.11 medium CVE-2013-4940
    3.10.12..3.10.13 medium CVE-2013-4940`,
  prototype: `..1.5.1.2 high CVE-2008-7220
    1.6.0..1.6.0.2 high CVE-2008-7220`,
  ember: `..0.9.7 high ember-699
    ..0.9.7.1 low ember-0.9.7.1
    1.0.0-rc.1..1.0.0-rc.1.1 medium CVE-2013-4170
    1.0.0-rc.2..1.0.0-rc.2.1 medium CVE-2013-4170
    1.0.0-rc.3..1.0.0-rc.3.1 medium CVE-2013-4170
    1.0.0-rc.4..1.0.0-rc.4.1 medium CVE-2013-4170
    1.0.0-rc.5..1.0.0-rc.5.1 medium CVE-2013-4170
    1.0.0-rc.6..1.0.0-rc.6.1 medium CVE-2013-4170
    1.0.0..1.0.1 low CVE-2014-0013
    1.1.0..1.1.3 low CVE-2014-0013
    1.2.0..1.2.1 low CVE-2014-0013
    1.3.0..1.3.1 low CVE-2014-0013
    ..1.5.0 low CVE-2014-0046
    1.8.0..1.11.4 medium CVE-2015-7565
    1.12.0..1.12.2 medium CVE-2015-7565
    1.13.0..1.13.12 medium CVE-2015-7565
    2.0.0..2.0.3 medium CVE-2015-7565
    2.1.0..2.1.2 medium CVE-2015-7565
    2.2.0..2.2.1 medium CVE-2015-7565
    ..3.24.7 high ember-4.8.1
    3.25.0..3.28.10 high ember-4.8.1
    4.0.0..4.4.4 high ember-4.8.1
    4.5.0..4.8.1 high ember-4.8.1
    4.9.0-alpha.1..4.9.0-beta.3 high ember-4.8.1`,
  dojo: `..1.1.0 medium CVE-2008-6681
    ..1.2.0 medium CVE-2015-5654
    ..1.4.2 medium CVE-2010-2275
    0.4..0.4.4 medium CVE-2010-2273
    1.10.0..1.10.10 medium CVE-2010-2273
    1.11.0..1.11.6 medium CVE-2010-2273
    1.12.0..1.12.4 medium CVE-2010-2273
    1.13.0..1.13.1 medium CVE-2010-2273
    ..1.11.10 high CVE-2020-5258
    1.12.0..1.12.8 high CVE-2020-5258
    1.13.0..1.13.7 high CVE-2020-5258
    1.14.0..1.14.6 high CVE-2020-5258
    1.15.0..1.15.3 high CVE-2020-5258
    1.16.0..1.16.2 high CVE-2020-5258
    ..1.14 high CVE-2018-15494
    ..1.17.0 high CVE-2021-23450`,
  angularjs: `1.0.0..1.2.30 medium angularjs-1.2.30
    ..1.5.0-beta.1 medium CVE-2019-14863
    1.3.0..1.5.0-rc2 medium angularjs-1.5.0
    ..1.6.0 medium GHSA-28hp-fgcr-2r4h
    ..1.6.3 medium angularjs-15699
    ..1.6.5 low angularjs-1.6.5
    1.5.0..1.6.9 low angularjs-1.6.9
    ..1.7.9 high CVE-2019-10768
    ..1.8.0 medium CVE-2020-7676
    ..1.8.4 medium CVE-2022-25869
    ..1.8.4 medium CVE-2023-26116
    ..1.8.4 medium CVE-2023-26117
    ..1.8.4 medium CVE-2023-26118
    1.3.0..1.8.4 high CVE-2024-21490
    1.3.0-rc.4..1.8.4 low CVE-2024-8372
    ..1.8.4 low CVE-2024-8373
    ..1.8.4 low CVE-2025-0716
    ..1.9.8 medium CVE-2025-2336
    ..1.9.9 medium CVE-2025-4690
    1.7.0..999.999.999 medium CVE-2022-25844
    ..1.999 low end-of-life`,
  backbone: `..0.5.0 medium CVE-2016-10537`,
  mustache: `..0.3.1 high mustache-112
    ..2.2.1 high CVE-2015-8862`,
  handlebars: `..1.0.0.beta.3 medium handlebars-68
    ..4.0.0 medium CVE-2015-8861
    4.0.0..4.0.13 high handlebars-4.0.13
    ..3.0.7 high GHSA-q42p-pg8m-cqh6
    4.0.0..4.0.14 high GHSA-q42p-pg8m-cqh6
    4.1.0..4.1.2 high GHSA-q42p-pg8m-cqh6
    ..3.0.8 high CVE-2019-19919
    4.0.0..4.3.0 high CVE-2019-19919
    ..3.0.8 high CVE-2019-20920
    4.0.0..4.5.3 high CVE-2019-20920
    4.0.0..4.5.3 high GHSA-q2c6-c6pm-g3gh
    4.0.0..4.4.5 high CVE-2019-20922
    ..4.6.0 medium handlebars-1633
    ..4.7.7 high CVE-2021-23369
    ..4.7.7 high CVE-2021-23383
    4.0.0..4.7.9 high CVE-2026-33916`,
  easyxdm: `..2.4.18 medium CVE-2013-5212
    ..2.4.19 medium CVE-2014-1403
    ..2.4.20 medium easyxdm-2.4.20
    ..2.5.0 medium easyxdm-2.5.0`,
  plupload: `..1.5.4 medium CVE-2012-2401
    ..1.5.5 medium CVE-2013-0237
    ..2.1.9 medium CVE-2016-4566
    ..2.3.9 medium CVE-2021-23562
    3.0.0..3.1.5 medium plupload-3.1.5`,
  dompurify: `..0.6.1 medium dompurify-0.6.1
    ..0.8.6 medium dompurify-0.8.6
    ..1.0.11 medium CVE-2019-25155
    ..2.0.3 medium CVE-2019-16728
    ..2.0.7 high GHSA-mjjq-c88q-qhr6
    ..2.0.17 medium CVE-2020-26870
    ..2.2.4 low dompurify-2.2.4
    ..2.4.2 high CVE-2024-48910
    ..2.5.0 high CVE-2024-47875
    3.0.0..3.1.3 high CVE-2024-47875
    ..2.5.4 high CVE-2024-45801
    3.0.0..3.1.3 high CVE-2024-45801
    ..3.2.4 medium CVE-2025-26791
    2.5.3..2.5.9 medium CVE-2026-0540
    3.1.3..3.3.2 medium CVE-2026-0540
    3.1.3..3.2.7 medium CVE-2025-15599
    ..3.3.2 medium GHSA-h8r8-wccr-v5f2`,
  react: `0.4.0..0.4.2 medium CVE-2013-7035
    0.5.0..0.5.2 medium CVE-2013-7035
    0.0.1..0.14.0 high GHSA-hg79-j56m-fxgv
    16.0.0..16.0.1 medium CVE-2018-6341
    16.1.0..16.1.2 medium CVE-2018-6341
    16.2.0..16.2.1 medium CVE-2018-6341
    16.3.0..16.3.3 medium CVE-2018-6341
    16.4.0..16.4.2 medium CVE-2018-6341`,
  'react-dom': `16.0.0..16.0.1 medium CVE-2018-6341
    16.1.0..16.1.2 medium CVE-2018-6341
    16.2.0..16.2.1 medium CVE-2018-6341
    16.3.0..16.3.3 medium CVE-2018-6341
    16.4.0..16.4.2 medium CVE-2018-6341`,
  flowplayer: `..5.4.3 medium flowplayer-381`,
  dwr: `..1.1.4 high CVE-2007-0109
    ..2.0.11 medium CVE-2014-5325
    3..3.0.RC3 medium CVE-2014-5325`,
  moment: `..2.11.2 medium CVE-2016-4055
    ..2.15.2 medium moment-20161019
    ..2.19.3 high CVE-2017-18214
    ..2.29.2 high CVE-2022-24785
    2.18.0..2.29.4 high CVE-2022-31129`,
  underscore: `1.3.2..1.12.1 high CVE-2021-23358
    ..1.13.8 high CVE-2026-27601`,
  bootstrap: `..2.1.0 medium bootstrap-3421
    ..3.4.0 medium CVE-2018-14041
    2.3.0..3.4.0 medium CVE-2018-14040
    ..3.4.0 medium CVE-2018-14042
    ..3.4.0 medium CVE-2018-20676
    ..3.4.0 medium CVE-2018-20677
    3.0.0..3.4.0 medium CVE-2016-10735
    4.0.0-beta..4.0.0-beta.2 medium CVE-2016-10735
    4.0.0..4.1.2 medium CVE-2018-14040
    4.0.0..4.1.2 medium CVE-2018-14041
    4.0.0..4.1.2 medium CVE-2018-14042
    3.0.0..3.4.1 medium CVE-2019-8331
    4.0.0..4.3.1 medium CVE-2019-8331
    1.4.0..3.4.2 medium CVE-2024-6485
    3.4.1..3.4.2 medium CVE-2025-1647
    ..3.999.999 low end-of-life`,
  'bootstrap-select': `..1.13.6 high CVE-2019-20921`,
  ckeditor: `..4.4.8 medium ckeditor-4.4.8
    ..4.5.11 medium ckeditor-4.5.11
    4.5.11..4.9.2 medium ckeditor-4.9.2
    4.0.0..4.11.0 medium CVE-2018-17960
    ..4.14.0 low ckeditor-4.14
    ..4.15.1 medium ckeditor-4.15.1
    ..4.16.0 low ckeditor-4.16.0
    ..4.16.2 medium CVE-2021-37695
    ..4.17.0 medium CVE-2021-41164
    ..4.18.0 low CVE-2022-24728
    ..4.21.0 medium CVE-2023-28439`,
  ckeditor5: `..10.0.1 low CVE-2018-11093
    ..25.0.0 low CVE-2021-21254
    ..27.0.0 low CVE-2021-21391
    ..35.0.0 low CVE-2022-31175
    40.0.0..43.1.1 medium CVE-2024-45613
    44.2.0..45.2.2 low CVE-2025-58064
    46.0.0..46.0.3 low CVE-2025-58064`,
  vue: `..2.4.3 medium vue-2.4.3
    ..2.5.17 medium vue-2.5.17
    ..2.6.11 medium vue-2.6.11
    2.0.0-alpha.1..3.0.0-alpha.0 low CVE-2024-9506`,
  extjs: `..6.0.0 high CVE-2007-2285
    3.0.0..4.0.0 medium CVE-2010-4207
    4.0.0..6.6.0 medium CVE-2018-8046`,
  svelte: `..2.9.8 medium svelte-1623
    ..3.46.5 medium svelte-7333
    ..3.49.0 medium CVE-2022-25875
    3.0.0..3.59.2 high GHSA-gw32-9rmw-qwww
    ..4.2.19 medium CVE-2024-45047
    5.46.0..5.46.4 medium CVE-2025-15265
    ..5.51.5 medium CVE-2026-27121
    ..5.53.5 medium CVE-2026-27901`,
  axios: `..0.18.1 high CVE-2019-10742
    ..0.21.1 medium CVE-2020-28168
    ..0.21.2 high CVE-2021-3749
    0.8.1..0.28.0 medium CVE-2023-45857
    1.0.0..1.6.0 medium CVE-2023-45857
    ..1.6.8 medium axios-6300
    1.3.2..1.7.4 high CVE-2024-39338
    ..0.30.0 high CVE-2025-27152
    1.0.0..1.8.2 high CVE-2025-27152
    ..0.30.2 high CVE-2025-58754
    1.0.0..1.12.0 high CVE-2025-58754
    ..0.30.3 high CVE-2026-25639
    1.0.0..1.13.5 high CVE-2026-25639`,
  'markdown-it': `..3.0.0 high CVE-2015-10005
    ..4.1.0 medium CVE-2015-3295
    4.0.0..4.3.1 medium markdown-it-4.3.1
    ..10.0.0 medium markdown-it-10
    ..12.3.2 medium CVE-2022-21670
    ..13.0.2 medium markdown-it-957
    13.0.0..14.1.1 medium CVE-2026-2327`,
  jszip: `..2.7.0 medium CVE-2021-23413
    3.0.0..3.7.0 medium CVE-2021-23413
    ..3.8.0 medium CVE-2022-48285`,
  alasql: `..0.7.0 high SNYK-JS-ALASQL-1082932`,
  datatables: `..1.10.10 high CVE-2015-6584
    ..1.10.22 high CVE-2020-28458
    ..1.10.23 high datatables-1.10.23
    ..1.11.3 medium CVE-2021-23445`,
  'chart.js': `..2.9.4 high CVE-2020-7746`,
  froala: `..3.2.2 medium froala-3.2.2
    ..3.2.3 medium CVE-2019-19935
    ..3.2.7 high CVE-2021-28114
    ..4.0.11 medium CVE-2020-22864
    4.0.1..4.1.4 medium CVE-2023-41592
    ..4.3.1 medium CVE-2024-51434`,
  pendo: `..2.15.18 medium pendo-2.15.18`,
  highcharts: `..6.1.0 high CVE-2018-20801
    ..7.2.2 high GHSA-gr4j-r575-g665
    8.0.0..8.1.1 high GHSA-gr4j-r575-g665
    ..9.0.0 high CVE-2021-29489`,
  select2: `..4.0.6 medium CVE-2016-10744`,
  'blueimp-file-upload': `..9.22.1 high CVE-2018-9206`,
  c3: `..0.4.11 medium CVE-2016-1000240`,
  lodash: `..4.17.5 medium CVE-2018-3721
    ..4.17.11 high CVE-2018-16487
    4.7.0..4.17.11 medium CVE-2019-1010266
    ..4.17.12 high CVE-2019-10744
    3.7.0..4.17.19 high CVE-2020-8203
    ..4.17.21 high CVE-2021-23337
    4.0.0..4.17.21 medium CVE-2020-28500
    4.0.0..4.17.23 medium CVE-2025-13465`,
  'ua-parser-js': `..0.7.22 high CVE-2020-7733
    ..0.7.23 high CVE-2020-7793
    0.7.14..0.7.24 high CVE-2021-27292
    0.7.29..0.7.30 high CVE-2021-4229
    0.8.0..0.8.1 high CVE-2021-4229
    1.0.0..1.0.1 high CVE-2021-4229
    0.7.30..0.7.33 high CVE-2022-25927
    0.8.0..1.0.33 high CVE-2022-25927`,
  mathjax: `..2.7.4 medium CVE-2018-1999024
    ..2.7.10 high CVE-2023-39663`,
  'pdf.js': `..1.10.100 high CVE-2018-5158
    2.0.0..2.0.550 high CVE-2018-5158
    ..4.2.67 high CVE-2024-4367`,
  three: `..0.125.0 high CVE-2020-28496`,
  'highlight.js': `..9.18.2 medium CVE-2020-26237
    10.0.0..10.1.2 medium CVE-2020-26237
    9.0.0..10.4.1 medium GHSA-7wwv-vh3v-89cq`,
  marked: `..0.3.1 medium CVE-2014-3743
    ..0.3.3 medium CVE-2015-1370
    ..0.3.4 high CVE-2015-8854
    ..0.3.6 medium CVE-2016-10531
    ..0.3.7 medium CVE-2017-1000427
    ..0.3.9 high CVE-2017-16114
    ..0.3.17 medium CVE-2018-25110
    0.3.14..0.6.2 medium GHSA-xf5p-87ch-gxw2
    0.4.0..0.7.0 low GHSA-ch52-vgq2-943f
    1.1.1..2.0.0 medium CVE-2021-21306
    ..4.0.10 high CVE-2022-21680
    ..4.0.10 high CVE-2022-21681`,
  nextjs: `0.9.9..9.3.2 medium CVE-2020-5284
    9.5.0..9.5.4 medium CVE-2020-15242
    0.9.9..11.1.0 medium CVE-2021-37699
    10.0.0..12.1.0 medium CVE-2022-23646
    13.4.0..14.1.1 high CVE-2024-34351
    9.5.5..14.2.15 high CVE-2024-51479
    11.1.4..12.3.5 high CVE-2025-29927
    13.0.0..13.5.9 high CVE-2025-29927
    14.0.0..14.2.25 high CVE-2025-29927
    15.0.0..15.2.3 high CVE-2025-29927
    0.9.9..14.2.32 medium CVE-2025-57822
    15.0.0-canary.0..15.4.7 medium CVE-2025-57822
    14.3.0-canary.77..15.0.5 critical CVE-2025-55182
    15.1.0-canary.0..15.1.9 critical CVE-2025-55182
    15.2.0-canary.0..15.2.6 critical CVE-2025-55182
    15.3.0-canary.0..15.3.6 critical CVE-2025-55182
    15.4.0-canary.0..15.4.8 critical CVE-2025-55182
    15.5.0-canary.0..15.5.7 critical CVE-2025-55182
    16.0.0-canary.0..16.0.7 critical CVE-2025-55182
    10.0.0..15.5.14 medium CVE-2026-27980
    16.0.0-beta.0..16.1.7 medium CVE-2026-27980`,
} as const
export type KnownLibrary = keyof typeof knownVulnerabilities
