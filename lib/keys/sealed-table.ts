/** A table with sealed columns. A ciphertext is bound to the table's name, the column's and the row's id. */
export type SealedTable = {
  name: string
  idType: 'uuid' | 'int'
  /** Named as in the database. */
  columns: readonly string[]
  /** The aad that its ciphertexts came from as they are, in rows where `idColumn` holds that row's id. */
  movedFrom?: { idColumn: string; table: string; column: string }
}

/**
 * Everything that `TOKEN_KEYS` seal. The installation is the last: its canary says that the keys fit, and with a new
 * key alone they fit only when all the rest is sealed under it.
 */
export const sealedTables: readonly SealedTable[] = [
  { name: 'authorization_attempt', idType: 'uuid', columns: ['sealed_code', 'sealed_return'] },
  { name: 'grant', idType: 'uuid', columns: ['sealed_access_token', 'sealed_refresh_token', 'sealed_response'] },
  {
    name: 'revocation',
    idType: 'uuid',
    columns: ['sealed_token'],
    movedFrom: { idColumn: 'sealed_grant_id', table: 'grant', column: 'sealed_access_token' },
  },
  { name: 'trial', idType: 'uuid', columns: ['sealed_url', 'sealed_code', 'sealed_access_token'] },
  { name: 'trial_step', idType: 'uuid', columns: ['sealed_content'] },
  { name: 'client_token', idType: 'int', columns: ['sealed_access_token'] },
  { name: 'installation', idType: 'int', columns: ['sealed_canary', 'sealed_lookup_key'] },
]

/** A row's id and its ciphertexts by column; null where there is none. `movedFromId` is set where they were moved here. */
export type SealedRow = { id: string; movedFromId: string | null; sealed: Record<string, string | null> }

/** A ciphertext that does not open, and why; never what is in it. */
export type Unopened = { table: string; row: string; column: string; reason: string }
