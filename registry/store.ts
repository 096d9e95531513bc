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
  /** Only records whose state changed at run time. */
  readonly recordStates: Map<string, RecordState>
  readonly shelf: Shelf
  /** People in addition to people.json, saved with the state. `set` names their program. */
  readonly added: { set: string | null; readonly people: Map<string, Person> }
  /** Call this after every change; writes the file within 100 ms. */
  changed(): void
  /** Resets everything except the signing key, and removes added people. */
  clear(): void
  /** Writes pending changes at once. */
  close(): void
}

/**
 * Opens the state in `file`, or new state in memory. Throws for an unreadable file, whose tokens would be lost. New state
 * signs with `signingKey` or a new key.
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

/** Synchronous, so that no signal interrupts a save and no change happens during one. */
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

/** Replaces the file by a rename, so that no reader sees half of it. */
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
