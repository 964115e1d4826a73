import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { matchRobots, parseRobots, robotsBytesMax, robotsMatcher } from './robots.ts'
import { robotsAvailability } from './robots-availability.ts'
import { diffRules, matcherOfNormalised, normaliseRules } from './robots-rules.ts'

const site = 'https://www.example.com'
const answer = (robotsTxt: string, agent: string, path: string) => {
  const { allowed, line } = matchRobots(robotsTxt, agent, site + path)
  return `${allowed ? 'allowed' : 'forbidden'}${line === null ? '' : ` by ${line}`}`
}

/** RFC 9309 §5.1 */
const simple = `User-Agent: *
Disallow: *.gif$
Disallow: /example/
Allow: /publications/

User-Agent: foobot
Disallow:/
Allow:/example/page.html
Allow:/example/allowed.gif

User-Agent: barbot
User-Agent: bazbot
Disallow: /example/page.html

User-Agent: quxbot
`

describe('the examples of RFC 9309', () => {
  test.each([
    ['foobot', '/example/page.html', 'allowed by 8'],
    ['foobot', '/example/allowed.gif', 'allowed by 9'],
    ['foobot', '/', 'forbidden by 7'],
    ['barbot', '/example/page.html', 'forbidden by 13'],
    ['bazbot', '/example/page.html', 'forbidden by 13'],
    ['bazbot', '/example/page.gif', 'allowed'],
    ['quxbot', '/example/', 'allowed'],
    ['other', '/example/x', 'forbidden by 3'],
    ['other', '/a.gif', 'forbidden by 2'],
    ['other', '/a.gif?x', 'allowed'],
    ['other', '/publications/', 'allowed by 4'],
    ['other', '/robots.txt', 'allowed'],
  ])('%s %s is %s', (agent, path, expected) => expect(answer(simple, agent, path)).toBe(expected))

  test('the longest match wins (§5.2)', () => {
    const text = 'User-Agent: foobot\nAllow: /example/page/\nDisallow: /example/page/disallowed.gif\n'
    expect(answer(text, 'foobot', '/example/page/disallowed.gif')).toBe('forbidden by 3')
    expect(answer(text, 'foobot', '/example/page/')).toBe('allowed by 2')
  })

  test.each([
    ['/foo/bar?baz=quz', '/foo/bar?baz=quz'],
    ['/foo/bar?baz=https://foo.bar', '/foo/bar?baz=https://foo.bar'],
    ['/foo/bar/\u30c4', '/foo/bar/%E3%83%84'],
    ['/foo/bar/%E3%83%84', '/foo/bar/%E3%83%84'],
    ['/foo/bar/%e3%83%84', '/foo/bar/%E3%83%84'],
    ['/a%3cd.html', '/a%3cd.html'],
    ['/a%3Cd.html', '/a%3cd.html'],
    ['/a%2fb', '/a%2Fb'],
  ])('the path %s matches %s (§2.2.2)', (pattern, path) =>
    expect(answer(`user-agent: a\ndisallow: ${pattern}`, 'a', path)).toBe('forbidden by 2'),
  )

  test.each([
    ['/a%2fb', '/a/b'],
    // Here the RFC would unescape and Google does not. What Googlebot does is what a site owner needs to know.
    ['/foo/bar/%62%61%7A', '/foo/bar/baz'],
  ])('the path %s does not match %s', (pattern, path) =>
    expect(answer(`user-agent: a\ndisallow: ${pattern}`, 'a', path)).toBe('allowed'),
  )
})

describe('which group counts', () => {
  test.each([
    ['nothing written', '', 'a', 'allowed'],
    ['rules before any group', 'disallow: /\nuser-agent: b\nallow: /', 'a', 'allowed'],
    ['case does not count', 'USER-AGENT: FooBot\nDISALLOW: /', 'foobot', 'forbidden by 2'],
    [
      'groups of one crawler are merged',
      'user-agent: a\ndisallow: /y\n\nuser-agent: b\nallow: /\n\nuser-agent: a\ndisallow: /',
      'a',
      'forbidden by 8',
    ],
    ['a named group hides *', 'user-agent: *\ndisallow: /\nuser-agent: a\ndisallow:', 'a', 'allowed by 4'],
    ['a named group without rules hides *', 'user-agent: *\ndisallow: /\nuser-agent: a', 'a', 'allowed'],
    ['the first of equal lines is named', 'user-agent: *\ndisallow: /\ndisallow: /', 'a', 'forbidden by 2'],
    [
      'unknown lines do not end a group',
      'user-agent: a\ncrawl-delay: 1\nhost: x\nuser-agent: b\ndisallow: /',
      'a',
      'forbidden by 5',
    ],
    [
      'a sitemap does not end a group',
      'user-agent: a\nsitemap: https://x.test/s\nuser-agent: *\ndisallow: /',
      'a',
      'forbidden by 4',
    ],
    ['an empty disallow does', 'user-agent: a\ndisallow:\nuser-agent: b\ndisallow: /', 'a', 'allowed by 2'],
    ['any other rule is longer than an empty one', 'user-agent: a\ndisallow:\ndisallow: /x\nallow:', 'a', 'forbidden by 3'],
    ['of two empty ones the one that allows is named', 'user-agent: a\ndisallow:\nallow:', 'a', 'allowed by 3'],
    ['no substring matches', 'user-agent: googlebot-news\ndisallow: /', 'googlebot', 'allowed'],
    ['a token ends at the first other character', 'user-agent: foobot/2.1\ndisallow: /', 'foobot', 'forbidden by 2'],
    ['and at a space', 'user-agent: foo bar\ndisallow: /', 'foo', 'forbidden by 2'],
    ['two words are no token', 'user-agent: foo bar\ndisallow: /', 'foo bar', 'allowed'],
    ['* with words behind it is everybody', 'user-agent: * all\ndisallow: /', 'a', 'forbidden by 2'],
    ['* with a no-break space behind it is nobody', 'user-agent: *\u00a0all\ndisallow: /', 'a', 'allowed'],
    ['*bot is nobody', 'user-agent: *bot\ndisallow: /', 'bot', 'allowed'],
    [
      'a full user agent is reduced to its token',
      'user-agent: tocsinbot\ndisallow: /',
      'TocsinBot/1.0 (+https://x.test)',
      'forbidden by 2',
    ],
    [
      'also if it passes for a browser',
      'user-agent: googlebot\ndisallow: /',
      'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
      'forbidden by 2',
    ],
    ['a browser is itself', 'user-agent: mozilla\ndisallow: /', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64)', 'forbidden by 2'],
  ])('%s', (_why, text, agent, expected) => expect(answer(text, agent, '/x')).toBe(expected))
})

describe('how lines are read', () => {
  test.each([
    ['no colon', 'user-agent a\ndisallow /', 'forbidden by 2'],
    ['no colon and more words', 'user-agent: a\ndisallow / really', 'allowed'],
    ['a tab before the colon', 'user-agent\t:\ta\ndisallow \t : /', 'forbidden by 2'],
    ['misspelt', 'useragent: a\ndisalow: /', 'forbidden by 2'],
    ['misspelt', 'user agent: a\ndissallow: /', 'forbidden by 2'],
    ['misspelt', 'user-agent: a\ndiasllow: /', 'forbidden by 2'],
    ['a key with a tail', 'user-agents: a\ndisallows: /', 'forbidden by 2'],
    ['Windows line ends', 'user-agent: a\r\n\r\ndisallow: /\r\n', 'forbidden by 3'],
    ['old Mac line ends', 'user-agent: a\rdisallow: /', 'forbidden by 2'],
    ['all of them', 'user-agent: a\r\n\n\r\rdisallow: /', 'forbidden by 5'],
    ['a comment behind', 'user-agent: a # me\ndisallow: /#all', 'forbidden by 2'],
    ['a byte order mark', '\ufeffuser-agent: a\ndisallow: /', 'forbidden by 2'],
    ['a byte order mark in the middle', 'user-agent: a\n\ufeffdisallow: /', 'allowed'],
    ['the beginning of a byte order mark', '\ufffduser-agent: a\ndisallow: /', 'forbidden by 2'],
    ['a broken byte order mark', '\ufffd\ufffduser-agent: a\ndisallow: /', 'allowed'],
    ['HTML instead', '<!doctype html><html><body>user-agent: *<br>disallow: /</body>', 'allowed'],
    ['nothing behind a NUL', 'user-agent: a\ndisallow: /\0y', 'forbidden by 2'],
    ['UTF-16 taken for UTF-8', 'u\0s\0e\0r\0-\0a\0g\0e\0n\0t\0:\0a\0\n\0d\0i\0s\0a\0l\0l\0o\0w\0:\0/\0', 'allowed'],
    ['an endless line', `user-agent: a\ndisallow: /x${' '.repeat(20_000)}y`, 'forbidden by 2'],
    ['an endless line of long characters', `user-agent: a\ndisallow: /x#${'ツ'.repeat(20_000)}`, 'forbidden by 2'],
    ['a full URL as path', `user-agent: a\ndisallow: ${site}/x`, 'allowed'],
    ['a path without slash', 'user-agent: a\ndisallow: x', 'allowed'],
    ['a star instead of the slash', 'user-agent: a\ndisallow: *x', 'forbidden by 2'],
  ])('%s: %j', (_why, text, expected) => expect(answer(text, 'a', '/x')).toBe(expected))
})

describe('patterns', () => {
  test.each([
    ['/fish', '/fish.html?x', true],
    ['/fish', '/Fish', false],
    ['/fish*', '/fishheads', true],
    ['/fish/', '/fish', false],
    ['/*.php', '/index.php?a', true],
    ['/*.php$', '/index.php?a', false],
    ['/*.php$', '/a.php.php', true],
    ['/fish*.php', '/fishheads/catfish.php?p', true],
    ['/fish*.php', '/fish.PHP', false],
    ['/$', '/', true],
    ['/$', '/x', false],
    ['$', '/', false],
    ['*', '/', true],
    ['**a**', '/ba', true],
    ['/a*a$', '/a', false],
    ['/a*a$', '/aa', true],
    ['/a$b', '/a$b', true],
    ['/a$b', '/a', false],
    ['/*?', '/x', false],
    ['/*?', '/x?', true],
    ['/a**b$', '/a--b', true],
    ['/*a*b*c', '/cba', false],
    ['/x;p', '/x;p=1', true],
  ])('%s against %s: %s', (pattern, path, matches) =>
    expect(answer(`user-agent: a\ndisallow: ${pattern}`, 'a', path)).toBe(matches ? 'forbidden by 2' : 'allowed'),
  )

  test('allow wins a tie, also when it comes first or last', () => {
    expect(answer('user-agent: a\ndisallow: /x\nallow: /x', 'a', '/x')).toBe('allowed by 3')
    expect(answer('user-agent: a\nallow: /x\ndisallow: /x', 'a', '/x')).toBe('allowed by 2')
  })

  test('an allowed index page opens its directory', () => {
    const text = 'user-agent: a\nallow: /dir/index.html\ndisallow: /'
    expect(answer(text, 'a', '/dir/')).toBe('allowed by 2')
    expect(answer(text, 'a', '/dir/index.html')).toBe('allowed by 2')
    expect(answer(text, 'a', '/dir/x')).toBe('forbidden by 3')
  })

  test.each([
    ['https://www.example.com', '/'],
    ['https://www.example.com?x', '/?x'],
    ['https://www.example.com/a#b', '/a'],
    ['https://www.example.com#/a', '/'],
    ['https://www.example.com/a?u=http://b/', '/a?u=http://b/'],
    ['/a/b', '/a/b'],
    ['//www.example.com/a', '/a'],
  ])('of %s the part %s counts', (url, path) =>
    expect(matchRobots(`user-agent: *\nallow: ${path}$\ndisallow: /`, 'a', url)).toEqual({ allowed: true, line: 2 }),
  )

  test('the matcher agrees with a regular expression', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '/', '*', '$', '?'), maxLength: 8 })
    fc.assert(
      fc.property(text, text, (tail, pathTail) => {
        const pattern = `/${tail}`
        const path = `/${pathTail}`
        const expression = pattern
          .replace(/[.?+^${}()|[\]\\]/g, '\\$&')
          .replaceAll('*', '.*')
          .replace(/\\\$$/, '$')
        expect(matchRobots(`user-agent: a\ndisallow: ${pattern}`, 'a', `https://x.test${path}`).allowed).toBe(
          !new RegExp(`^${expression}`).test(path),
        )
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('limits', () => {
  test('what lies behind 500 KiB is not read', () => {
    const text = `user-agent: a\n${`disallow: /${'x'.repeat(100)}\n`.repeat(5_000)}disallow: /`
    expect(text.length).toBeGreaterThan(robotsBytesMax)
    expect(answer(text, 'a', '/y')).toBe('allowed')
  })

  test('ten thousand URLs against a large file and hostile patterns take moments', () => {
    const lines = Array.from({ length: 400 }, (_, i) => `disallow: /*a*a*a*a*a*a*${i}b$`)
    const matcher = robotsMatcher(parseRobots(`user-agent: *\n${lines.join('\n')}`), 'any')
    const startedAt = performance.now()
    for (let i = 0; i < 10_000; i += 1) matcher.match(`https://x.test/${'a'.repeat(60)}${i}`)
    expect(performance.now() - startedAt).toBeLessThan(10_000)
  })
})

test('sitemaps, crawl delays and the text of a line', () => {
  const robots = parseRobots(
    'Sitemap: https://x.test/a.xml\nuser-agent: a\ncrawl-delay: 2.5\ndisallow: /x  # no\nsite-map:/b.xml',
  )
  expect(robots.sitemaps).toEqual(['https://x.test/a.xml', '/b.xml'])
  expect(robotsMatcher(robots, 'a').crawlDelaySeconds).toBe(2.5)
  expect(robotsMatcher(robots, 'b').crawlDelaySeconds).toBeNull()
  expect(robots.lineText(4)).toBe('disallow: /x  # no')
})

test.each([
  ['crawl-delay: 1\nuser-agent: b\ncrawl-delay: 12\nuser-agent: c\nuser-agent: d\ncrawl-delay: 10', [1, 12, 10, 10]],
  ['user-agent: b\nuser-agent: c\nuser-agent: d\ncrawl-delay: 2', [2, 2, 2, 2]],
  ['disallow: /\ncrawl-delay: 3\nuser-agent: b\ndisallow: /\nuser-agent: c\nuser-agent: d', [3, null, null, null]],
  ['user-agent: d\ncrawl-delay: 4\nuser-agent: b\nuser-agent: c\ndisallow: /x', [4, null, null, 4]],
  ['crawl-delay: soon\ncrawl-delay: 5\nuser-agent: b\ncrawl-delay: 6\nuser-agent: *\ncrawl-delay: 7', [5, 6, 5, 5]],
])('a delay is asked of those named before it: %j', (text, delays) => {
  const robots = parseRobots(`user-agent: *\n${text}`)
  expect(['any', 'b', 'c', 'd'].map((agent) => robotsMatcher(robots, agent).crawlDelaySeconds)).toEqual(delays)
})

describe('availability', () => {
  test.each([
    [{ status: 200 }, 'read'],
    [{ status: 204 }, 'read'],
    [{ status: 301 }, 'missing'],
    [{ status: 401 }, 'missing'],
    [{ status: 403 }, 'missing'],
    [{ status: 404 }, 'missing'],
    [{ status: 410 }, 'missing'],
    [{ status: 429 }, 'unreachable'],
    [{ status: 500 }, 'unreachable'],
    [{ status: 503 }, 'unreachable'],
    [{ fault: 'redirect_limit', detail: '' }, 'missing'],
    [{ fault: 'timeout', detail: '' }, 'unreachable'],
    [{ fault: 'refused', detail: '' }, 'unreachable'],
    [{ fault: 'dns', detail: 'ENOTFOUND x.test' }, 'unreachable'],
    [{ fault: 'dns', detail: 'EAI_AGAIN x.test' }, 'unknown'],
    [{ fault: 'blocked_address', detail: '' }, 'unknown'],
    [{ fault: 'aborted', detail: '' }, 'unknown'],
  ] as const)('%j → %s', (fetched, expected) => expect(robotsAvailability(fetched)).toBe(expected))
})

describe('what changed', () => {
  const rules = (text: string) => normaliseRules(parseRobots(text))

  test('every agent times every rule is more than can be kept: what counts for everybody comes first', () => {
    const token = (i: number) =>
      String(i)
        .split('')
        .map((digit) => 'abcdefghij'[Number(digit)])
        .join('')
    const agents = Array.from({ length: 10_000 }, (_, i) => `User-agent: ${token(i)}`)
    const lines = Array.from({ length: 15_000 }, (_, i) => `Allow: /${i}`)
    const kept = rules([...agents, 'User-agent: Googlebot', ...lines, 'User-agent: *', 'Disallow: /'].join('\n'))
    expect(kept['*']).toEqual(['disallow /'])
    expect(kept['googlebot']).toHaveLength(15_000)
    expect(Object.values(kept).flat().length).toBeLessThanOrEqual(50_000)
  })

  // No database keeps a NUL, so a rule with one must not differ from itself after it was remembered.
  test('a NUL ends the line', () => expect(rules('User-agent: *\nDisallow: /a\0b')).toEqual({ '*': ['disallow /a'] }))

  test.each([
    ['order', 'user-agent: *\ndisallow: /a\ndisallow: /b', 'user-agent: *\ndisallow: /b\ndisallow: /a'],
    ['comments, case of keys, blank lines', 'user-agent: *\ndisallow: /a', '# hello\nUser-Agent : *\n\nDISALLOW:/a # x\n'],
    ['split groups', 'user-agent: x\ndisallow: /a\ndisallow: /b', 'user-agent: x\ndisallow: /a\nuser-agent: X\ndisallow: /b'],
    ['escapes', 'user-agent: *\ndisallow: /%c3%a4', 'user-agent: *\ndisallow: /ä'],
    ['a group that repeats *', 'user-agent: *\ndisallow: /a', 'user-agent: *\nuser-agent: x\ndisallow: /a'],
    ['nothing said', '', 'user-agent: *\ndisallow:'],
    ['a sitemap', 'user-agent: *\ndisallow: /a', 'user-agent: *\ndisallow: /a\nsitemap: https://x.test/s.xml'],
  ])('%s is no change', (_why, before, now) => expect(diffRules(rules(before), rules(now))).toEqual({ added: [], removed: [] }))

  test('is said line by line', () => {
    expect(
      diffRules(rules('user-agent: *\ndisallow: /a'), rules('user-agent: *\ndisallow: /b\nuser-agent: x\nallow: /')),
    ).toEqual({
      added: ['*: disallow /b', 'x: allow /'],
      removed: ['*: disallow /a'],
    })
    expect(diffRules(rules('user-agent: *\ndisallow: /a'), rules('user-agent: *\ndisallow: /a\nuser-agent: x')).added).toEqual([
      'x: no rules',
    ])
  })

  test('remembered rules still answer', () => {
    const match = matcherOfNormalised(rules('user-agent: *\ndisallow: /\nallow: /a\nuser-agent: x\ndisallow: /b'), 'googlebot')
    expect(match('https://x.test/a').allowed).toBe(true)
    expect(match('https://x.test/b').allowed).toBe(false)
    expect(matcherOfNormalised(rules('user-agent: x\ndisallow: /b'), 'x')('https://x.test/b').allowed).toBe(false)
  })
})
