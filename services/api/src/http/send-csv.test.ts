import { expect, test } from '@jest/globals'
import { cellOf } from './send-csv.ts'

test.each([
  [null, ''],
  [0, '0'],
  [-5, '-5'],
  [false, 'false'],
  ['plain', 'plain'],
  ['a,b', '"a,b"'],
  ['say "x"', '"say ""x"""'],
  ['two\nlines', '"two\nlines"'],
  [' space', '" space"'],
  ['=cmd()', "'=cmd()"],
  ['+1', "'+1"],
  ['-1', "'-1"],
  ['@x', "'@x"],
  ['  =1', "'  =1"],
  ['\t=1', "'\t=1"],
  ['\r=1', `"'\r=1"`],
  ['=HYPERLINK("http://x","y")', `"'=HYPERLINK(""http://x"",""y"")"`],
  // Spreadsheets of some languages begin a formula with these.
  ['＝1+1', "'＝1+1"],
  ['＠x', "'＠x"],
  [['a,b', '=cmd()'], '"[""a,b"",""=cmd()""]"'],
  ['https://shop.test/?a=1', 'https://shop.test/?a=1'],
])('%p → %p', (value, cell) => expect(cellOf(value)).toBe(cell))
