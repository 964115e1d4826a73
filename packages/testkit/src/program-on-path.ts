import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** The first of these names that a folder of the PATH has. */
export function programOnPath(...names: string[]): string | null {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isProgram) ?? null
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false // Most folders of the PATH do not have it.
  }
}
