/**
 * Which versions of libraries for browsers have known weaknesses: `[from]..below severity ids [not:version]`, a line each; a version is
 * affected when it is at least `from` and less than `below`. The facts are public: they were compiled in November 2026 from the CVE and
 * GitHub advisory databases and from the data of retire.js (repository/jsrepository-master.json as of spring 2026, Apache-2.0,
 * © Erlend Oftedal and contributors), and cover every library and weakness that is there. Libraries are called as they are there, so that
 * a finding keeps its name where an operator has that file. No text or pattern of theirs is copied. `end-of-life` stands for a line of
 * releases that gets no fixes any more; what has no number is named by library and release. A range within another of the same
 * advisory is left out.
 */
import { frameworkVulnerabilities } from './known-vulnerabilities-frameworks.ts'
import { jqueryVulnerabilities } from './known-vulnerabilities-jquery.ts'
import { toolVulnerabilities } from './known-vulnerabilities-tools.ts'

export const knownVulnerabilities = { ...frameworkVulnerabilities, ...jqueryVulnerabilities, ...toolVulnerabilities } as const
export type KnownLibrary = keyof typeof knownVulnerabilities
