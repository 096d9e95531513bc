/** The additional data of a ciphertext is table, column and row id. */
export type SealedTable = {
  name: string
  idType: 'uuid' | 'int' | 'text'
  columns: readonly string[]
  /** Where a copied ciphertext was sealed: in the row with the id in `idColumn`. */
  movedFrom?: { idColumn: string; table: string; column: string }
}

/** All that `TOKEN_KEYS` seal. The installation is last: its canary may fit a new key only after the rest. */
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
  { name: 'export_plan', idType: 'uuid', columns: ['sealed_private_key'] },
  { name: 'webhook', idType: 'uuid', columns: ['sealed_secret', 'sealed_former_secret'] },
  { name: 'client_token', idType: 'text', columns: ['sealed_access_token'] },
  { name: 'installation', idType: 'int', columns: ['sealed_canary', 'sealed_lookup_key'] },
]

/** Ciphertexts by column. `movedFromId` is set for copied ones. */
export type SealedRow = { id: string; movedFromId: string | null; sealed: Record<string, string | null> }

/** Never contains the plaintext. */
export type OpenFailure = { table: string; row: string; column: string; reason: string }
