/** jQuery, and what is a plugin of it. How a line is read, and where the facts are from: known-vulnerabilities.ts. */
export const jqueryVulnerabilities = {
  jquery: `..1.6.3 medium CVE-2011-4969
    ..1.9.0b1 medium CVE-2012-6708
    1.2.1..1.9.0 medium CVE-2020-7656
    1.4.0..1.12.0 medium CVE-2015-9251
    1.12.3..3.0.0-beta1 medium CVE-2015-9251 not:1.12.4-aem
    1.8.0..2.2.0 medium jquery-11974
    2.2.2..3.0.0 medium jquery-11974
    ..2.999.999 low end-of-life not:1.12.4-aem
    3.0.0-rc.1..3.0.0 high CVE-2016-10707
    1.1.4..3.4.0 medium CVE-2019-11358
    1.0.3..3.5.0 medium CVE-2020-11023
    1.2.0..3.5.0 medium CVE-2020-11022`,
  'jquery-migrate': `..1.2.0 medium jquery-migrate-36
    ..1.2.2 medium jquery-11290`,
  'jquery-mobile': `..1.0.1 high osvdb-94317
    ..1.0RC2 high osvdb-94563
    ..1.2.0 medium jquery-mobile-4787
    ..1.3.0 high jquery-mobile-1.3.0
    ..999.999.999 high GHSA-fj93-7wm4-8x2g`,
  'jquery-ui': `..1.13.0 medium CVE-2021-41182
    ..1.13.0 medium CVE-2021-41183
    ..1.13.0 medium CVE-2021-41184
    ..1.13.2 medium CVE-2022-31160
    1.7.0..1.10.0 medium CVE-2010-5312
    1.9.2..1.10.0 medium CVE-2012-6662
    ..1.12.0 medium CVE-2016-7103`,
  'jquery-validation': `..1.19.3 high CVE-2021-21252
    ..1.19.4 low CVE-2021-43306
    ..1.19.5 high CVE-2022-31147
    ..1.20.0 medium CVE-2025-3573
    ..1.20.0 medium jquery-validation-2462`,
  'jquery-deparam': `..0.5.4 high CVE-2021-20087`,
  'jquery.datatables': `..1.10.10 high CVE-2015-6584
    ..1.10.22 high CVE-2020-28458
    ..1.10.23 high datatables-1.10.23
    ..1.11.3 medium CVE-2021-23445
    ..1.10.22 medium datatables-1.10.22
    ..1.11.3 low datatables-1.11.3`,
  'jquery.prettyPhoto': `..3.1.5 medium CVE-2013-6837
    ..3.1.6 high prettyphoto-149`,
  'jquery.terminal': `..1.21.0 medium GHSA-2hwp-g4g7-mwwj
    ..2.31.1 low CVE-2021-43862`,
  'blueimp-file-upload': `..9.22.1 high CVE-2018-9206`,
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
  jPlayer: `..2.2.20 medium CVE-2013-1942
    ..2.3.0 medium CVE-2013-2022
    ..2.3.1 medium CVE-2013-2023`,
  select2: `..4.0.6 medium CVE-2016-10744`,
  'tableexport.jquery.plugin': `..1.25.0 medium CVE-2022-1291`,
} as const
