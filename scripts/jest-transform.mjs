// TypeScript becomes JavaScript by erasing its types, exactly as Node does it when it runs our files.
import { createHash } from 'node:crypto'
import { stripTypeScriptTypes } from 'node:module'

export default {
  process: (source) => ({ code: stripTypeScriptTypes(source, { mode: 'strip' }) }),
  getCacheKey: (source, path, { instrument }) =>
    createHash('sha256').update(`${process.version} ${instrument} ${path}\n${source}`).digest('hex'),
}
