import { expect, test } from '@jest/globals'
import { pathsNamedIn } from './named-paths.ts'

test.each([
  { text: 'see `packages/db/src/pool.ts` and `services/api`', paths: ['packages/db/src/pool.ts', 'services/api'] },
  { text: '`services/*/src/main.ts` twice: `services/*/src/main.ts`', paths: ['services/*/src/main.ts'] },
  { text: 'packages/db/src/pool.ts without marks', paths: [] },
  { text: 'a placeholder, `packages/domain/src/<slice>/x.ts`, and code, `packages.map(x)`', paths: [] },
])('$text', ({ text, paths }) => expect(pathsNamedIn(text)).toEqual(paths))
