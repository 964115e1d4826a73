/** The folders at the root of the repository: what begins with another word in backticks is no path of ours. */
const path =
  /`((?:packages|services|apps|tests|bench|docs|infra|scripts)\/[\w./*@-]+|(?:README|ARCHITECTURE|CHANGELOG)\.md|docker-compose\.yml|package\.json)`/g

/** What a document names in backticks and means to be a file or folder of the repository. A placeholder such as `<slice>` is none. */
export const pathsNamedIn = (markdown: string): string[] => [
  ...new Set([...markdown.matchAll(path)].map(([, named = '']) => named)),
]
