import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { makeSigningKey, type SigningKey } from './keys'
import type { Person } from './people'
import { makeShelf, type Shelf } from './records/shelf'
import {
  type AuthorizationCode,
  type RecordState,
  type RevokeRequest,
  type SavedState,
  type SignIn,
  savedStateSchema,
  type Token,
  type TokenRequest,
  type UserinfoRequest,
} from './state'

const SAVE_DELAY_MS = 100
const REQUESTS_KEPT = 5000

export type Store = {
  readonly key: SigningKey
  readonly signIns: Map<string, SignIn>
  readonly codes: Map<string, AuthorizationCode>
  readonly tokens: Map<string, Token>
  readonly tokenRequests: TokenRequest[]
  readonly revokeRequests: RevokeRequest[]
  readonly userinfoRequests: UserinfoRequest[]
  /** Only of records whose state was changed while the registry ran. */
  readonly recordStates: Map<string, RecordState>
  readonly shelf: Shelf
  /** People besides those of people.json, kept with the state. `set` is the name that whoever added them chose. */
  readonly added: { set: string | null; readonly people: Map<string, Person> }
  /** To be called after every change; the file follows within a tenth of a second. */
  changed(): void
  /** Forgets everything but the signing key, added people too; the others have the records again that they start with. */
  clear(): void
  /** Writes what is not yet on disk, at once. */
  close(): void
}

/**
 * Opens the state in `file`, or a fresh one kept in memory. A file that cannot be read is an error: its tokens would be
 * lost. A fresh one signs with `signingKey`, or with a key that is made for it.
 */
export async function openStore(file: string | undefined, signingKey?: SigningKey): Promise<Store> {
  const saved = file ? readState(file) : null
  const store: Omit<Store, 'changed' | 'clear' | 'close'> = {
    key: saved?.key ?? signingKey ?? (await makeSigningKey()),
    signIns: new Map(saved?.signIns.map((signIn) => [signIn.id, signIn])),
    codes: new Map(saved?.codes.map((code) => [code.code, code])),
    tokens: new Map(saved?.tokens.map((token) => [token.accessToken, token])),
    tokenRequests: saved?.tokenRequests ?? [],
    revokeRequests: saved?.revokeRequests ?? [],
    userinfoRequests: saved?.userinfoRequests ?? [],
    recordStates: new Map(saved?.recordStates.map((changed) => [changed.orcid, changed])),
    shelf: makeShelf(saved?.records),
    added: {
      set: saved?.added.set ?? null,
      people: new Map(saved?.added.people.map((person) => [person.orcid, person])),
    },
  }
  const saver = makeSaver(() => {
    if (file) writeState(file, store)
  })
  const clear = () => {
    for (const part of [store.signIns, store.codes, store.tokens, store.recordStates]) part.clear()
    for (const requests of [store.tokenRequests, store.revokeRequests, store.userinfoRequests]) requests.length = 0
    store.added.set = null
    store.added.people.clear()
    store.shelf.reset()
    saver.changed()
  }
  if (!saved) saver.changed()
  return { ...store, ...saver, clear }
}

/** Writing is synchronous: a signal can then never meet a half-finished save, and a change cannot slip between two. */
function makeSaver(save: () => void): { changed(): void; close(): void } {
  let timer: NodeJS.Timeout | null = null
  const saveNow = () => {
    timer = null
    save()
  }
  return {
    changed() {
      timer ??= setTimeout(saveNow, SAVE_DELAY_MS)
    },
    close() {
      if (timer === null) return
      clearTimeout(timer)
      saveNow()
    },
  }
}

function readState(file: string): SavedState | null {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
  try {
    return savedStateSchema.parse(JSON.parse(text))
  } catch (cause) {
    throw new Error(`${file} is not a state file of the local registry; move it away to start afresh`, { cause })
  }
}

/** The new text replaces the old by a rename, so a reader and the next start see one of the two, never a half. */
function writeState(file: string, store: Omit<Store, 'changed' | 'clear' | 'close'>): void {
  const state: SavedState = {
    version: 1,
    key: store.key,
    signIns: [...store.signIns.values()],
    codes: [...store.codes.values()],
    tokens: [...store.tokens.values()],
    tokenRequests: store.tokenRequests.slice(-REQUESTS_KEPT),
    revokeRequests: store.revokeRequests.slice(-REQUESTS_KEPT),
    userinfoRequests: store.userinfoRequests.slice(-REQUESTS_KEPT),
    recordStates: [...store.recordStates.values()],
    added: { set: store.added.set, people: [...store.added.people.values()] },
    records: store.shelf.save(),
  }
  mkdirSync(dirname(file), { recursive: true })
  const next = `${file}.${process.pid}.next`
  writeFileSync(next, JSON.stringify(state), { mode: 0o600 })
  renameSync(next, file)
}
