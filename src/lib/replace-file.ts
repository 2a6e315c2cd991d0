/** Writing files that others may be reading. */
import {
  closeSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'

/**
 * Puts a file in the place of another in one step, with exactly this mode. What root writes, under sudo say, belongs to
 * the owner of the earlier file or else of the directory, who has to read it. Throws the system's error.
 */
export function replaceFile(path: string, text: string, mode: number): void {
  const draft = `${path}.orbitdock-${process.pid}`
  try {
    writeDraft(draft, text, mode, process.getuid?.() === 0 ? ownerFor(path) : undefined)
    renameSync(draft, path)
  } finally {
    rmSync(draft, { force: true })
  }
}

interface Owner {
  readonly uid: number
  readonly gid: number
}

function ownerFor(path: string): Owner {
  return statSync(path, { throwIfNoEntry: false }) ?? statSync(dirname(path))
}

/** By its descriptor: in a directory of somebody else, the name could come to mean another file. */
function writeDraft(draft: string, text: string, mode: number, owner?: Owner): void {
  const file = openSync(draft, 'wx', mode)
  try {
    writeFileSync(file, text)
    if (owner) fchownSync(file, owner.uid, owner.gid)
    fchmodSync(file, mode)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
