/** Editors, charts and tools. How a line is read, and where the facts are from: known-vulnerabilities.ts. */
export const toolVulnerabilities = {
  AlaSQL: `..0.7.0 high SNYK-JS-ALASQL-1082932`,
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
  c3: `..0.4.11 medium CVE-2016-1000240`,
  'chart.js': `..2.9.4 high CVE-2020-7746`,
  ckeditor: `..4.4.8 medium ckeditor-4.4.8
    ..4.5.11 medium ckeditor-4.5.11
    4.5.11..4.9.2 medium ckeditor-4.9.2
    4.0.0..4.11.0 medium CVE-2018-17960
    ..4.14.0 low ckeditor-4.14
    ..4.15.1 medium ckeditor-4.15.1
    ..4.16.0 low ckeditor-4.16.0
    ..4.16.2 medium CVE-2021-37695
    ..4.17.0 medium CVE-2021-41164,CVE-2021-41165
    ..4.18.0 low CVE-2022-24728
    ..4.21.0 medium CVE-2023-28439
    ..4.4.3 medium ckeditor-4.4.3
    ..4.4.6 medium ckeditor-4.4.6
    ..4.16.2 low CVE-2021-32808,CVE-2021-32809`,
  ckeditor5: `..10.0.1 low CVE-2018-11093
    ..25.0.0 low CVE-2021-21254
    ..27.0.0 low CVE-2021-21391
    ..35.0.0 low CVE-2022-31175
    40.0.0..43.1.1 medium CVE-2024-45613
    44.2.0..45.2.2 low CVE-2025-58064
    46.0.0..46.0.3 low CVE-2025-58064`,
  DOMPurify: `..0.6.1 medium dompurify-0.6.1
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
    ..3.3.2 medium GHSA-h8r8-wccr-v5f2
    ..0.8.9 low dompurify-0.8.9
    ..0.9.0 low dompurify-0.9.0
    ..2.0.16 low dompurify-2.0.16
    ..2.1.1 low dompurify-2.1.1
    ..2.2.0 low dompurify-2.2.0
    ..2.2.2 low dompurify-2.2.2
    ..2.2.3 low dompurify-2.2.3
    2.5.3..2.5.9 medium CVE-2025-15599`,
  DWR: `..1.1.4 high CVE-2007-0109
    ..2.0.11 medium CVE-2014-5325,CVE-2014-5326
    3.0.M1..3.0.RC3 medium CVE-2014-5325,CVE-2014-5326`,
  easyXDM: `..2.4.18 medium CVE-2013-5212
    ..2.4.19 medium CVE-2014-1403
    ..2.4.20 medium easyxdm-2.4.20
    ..2.5.0 medium easyxdm-2.5.0`,
  flowplayer: `..5.4.3 medium flowplayer-381`,
  froala: `..3.2.2 medium froala-3.2.2
    ..3.2.3 medium CVE-2019-19935
    ..3.2.7 high CVE-2021-28114
    ..4.0.11 medium CVE-2020-22864
    4.0.1..4.1.4 medium CVE-2023-41592
    ..4.3.1 medium CVE-2024-51434
    ..3.2.2 medium froala-3270
    ..3.2.7 medium CVE-2021-30109`,
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
    ..3.0.8 high GHSA-q2c6-c6pm-g3gh
    4.0.0..4.5.3 high GHSA-q2c6-c6pm-g3gh
    ..3.0.8 high GHSA-g9r4-xpmj-mj65
    4.0.0..4.5.3 high GHSA-g9r4-xpmj-mj65
    ..3.0.8 high GHSA-2cf5-4w76-r9qv
    4.0.0..4.5.2 high GHSA-2cf5-4w76-r9qv
    4.0.0..4.4.5 medium GHSA-f52g-6jhx-586p
    4.0.0..4.4.5 high CVE-2019-20922
    ..4.6.0 medium handlebars-1633
    ..4.7.7 high CVE-2021-23369
    ..4.7.7 high CVE-2021-23383
    4.0.0..4.7.9 medium CVE-2026-33916
    4.0.0..4.7.9 critical CVE-2026-33937
    4.0.0..4.7.9 high CVE-2026-33938,CVE-2026-33939,CVE-2026-33940,CVE-2026-33941
    4.0.0..4.7.9 low GHSA-442j-39wm-28r2
    4.6.0..4.7.9 medium GHSA-7rx3-28cr-v5wh`,
  highcharts: `..6.1.0 high CVE-2018-20801
    ..7.2.2 high GHSA-gr4j-r575-g665
    8.0.0..8.1.1 high GHSA-gr4j-r575-g665
    ..9.0.0 high CVE-2021-29489`,
  highlightjs: `..9.18.2 medium CVE-2020-26237
    10.0.0..10.1.2 medium CVE-2020-26237
    9.0.0..10.4.1 medium GHSA-7wwv-vh3v-89cq`,
  jszip: `..2.7.0 medium CVE-2021-23413
    3.0.0..3.7.0 medium CVE-2021-23413
    ..3.8.0 medium CVE-2022-48285`,
  lodash: `..4.17.5 medium CVE-2018-3721
    ..4.17.11 high CVE-2018-16487
    4.7.0..4.17.11 medium CVE-2019-1010266
    ..4.17.12 high CVE-2019-10744
    3.7.0..4.17.19 high CVE-2020-8203
    ..4.17.21 high CVE-2021-23337
    4.0.0..4.17.21 medium CVE-2020-28500
    4.0.0..4.17.23 medium CVE-2025-13465`,
  'markdown-it': `..3.0.0 high CVE-2015-10005
    ..4.1.0 medium CVE-2015-3295
    4.0.0..4.3.1 medium markdown-it-4.3.1
    ..10.0.0 medium markdown-it-10
    ..12.3.2 medium CVE-2022-21670
    ..13.0.2 medium markdown-it-957
    13.0.0..14.1.1 medium CVE-2026-2327`,
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
  mathjax: `..2.7.4 medium CVE-2018-1999024
    ..2.7.10 high CVE-2023-39663`,
  'moment.js': `..2.11.2 medium CVE-2016-4055
    ..2.15.2 medium moment-20161019
    ..2.19.3 high CVE-2017-18214
    ..2.29.2 high CVE-2022-24785
    2.18.0..2.29.4 high CVE-2022-31129`,
  'mustache.js': `..0.3.1 high mustache-112
    ..2.2.1 high CVE-2015-8862`,
  'pdf.js': `..1.10.100 high CVE-2018-5158
    2.0.0..2.0.550 high CVE-2018-5158
    ..4.2.67 high CVE-2024-4367`,
  pendo: `..2.15.18 medium pendo-2.15.18`,
  plupload: `..1.5.4 medium CVE-2012-2401
    ..1.5.5 medium CVE-2013-0237
    ..2.1.9 medium CVE-2016-4566
    ..2.3.9 medium CVE-2021-23562
    3.0.0..3.1.5 medium plupload-3.1.5
    ..2.3.7 medium plupload-2.3.7
    ..2.3.8 medium plupload-2.3.8
    3.0.0..3.1.3 medium plupload-3.1.3
    3.0.0..3.1.4 medium plupload-3.1.4`,
  sessvars: `..1.01 low sessvars-eval`,
  swfobject: `..2.1 medium swfobject-2.1`,
  threejs: `..0.125.0 high CVE-2020-28496`,
  tinyMCE: `..1.4.2 high CVE-2011-4825
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
    7.0.0..7.2.0 medium CVE-2024-38357
    ..4.2.0 medium tinymce-4.2.0
    ..5.1.6 medium tinymce-5.1.6
    ..5.2.2 low tinymce-5.2.2
    ..5.4.0 low tinymce-5.4.0
    ..5.6.0 low GHSA-h96f-fc7c-9r55`,
  'ua-parser-js': `..0.7.22 high CVE-2020-7733
    ..0.7.23 high CVE-2020-7793
    0.7.14..0.7.24 high CVE-2021-27292
    0.7.29..0.7.30 high CVE-2021-4229
    0.8.0..0.8.1 high CVE-2021-4229
    1.0.0..1.0.1 high CVE-2021-4229
    0.7.30..0.7.33 high CVE-2022-25927
    0.8.0..1.0.33 high CVE-2022-25927`,
  'underscore.js': `1.3.2..1.12.1 high CVE-2021-23358
    ..1.13.8 high CVE-2026-27601`,
} as const
