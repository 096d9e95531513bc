import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { PrismaPg } from '@prisma/adapter-pg'
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from '@prisma/driver-adapter-utils'
import type { SchemaContainer, SchemaEngine } from '@prisma/schema-engine-wasm'
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg'
import type pg from 'pg'
import { databasePool } from '@/lib/database/connection'

/**
 * Runs `work` with Prisma's own schema engine in its WebAssembly form, on a database. Prisma's command line would
 * download the same engine as a program, from a host that closed networks do not let through.
 */
export async function withSchemaEngine<T>(
  databaseUrl: string,
  schema: SchemaContainer[],
  work: (engine: SchemaEngine) => Promise<T>,
): Promise<T> {
  loaded ??= loadBindings()
  await loaded
  const { SchemaEngine } = bindings as unknown as typeof import('@prisma/schema-engine-wasm')
  const datamodels = schema.map(({ path, content }): [string, string] => [path, content])
  const pool = databasePool(databaseUrl)
  const adapter = bindMigrationAwareSqlAdapterFactory(new EngineAdapter(pool))
  const engine = await SchemaEngine.new({ datamodels }, () => undefined, adapter)
  try {
    return await work(engine)
  } finally {
    engine.free()
    await pool.end()
  }
}

// PostgreSQL's numbers of its one-letter type "char", which only the system's catalogues have, and of char(n).
// https://www.postgresql.org/docs/current/datatype-character.html
const oneLetterType = 18
const paddedType = 1042

/** Prisma's adapter, and a type that it refuses. */
class EngineAdapter extends PrismaPg {
  override async connect(): ReturnType<PrismaPg['connect']> {
    const adapter = await super.connect()
    const pool = adapter.underlyingDriver()
    // The adapter refuses the type "char", which the engine asks the catalogues for when it compares.
    const oneLetterColumns = new WeakMap<object, number[]>()
    const query = pool.query.bind(pool) as (config: pg.QueryArrayConfig) => Promise<pg.QueryArrayResult>
    const readable = Object.create(pool, {
      query: {
        value: async (config: pg.QueryArrayConfig) => {
          const result = await query(config)
          const found = result.fields.flatMap((field, index) => (field.dataTypeID === oneLetterType ? [index] : []))
          for (const field of result.fields) if (field.dataTypeID === oneLetterType) field.dataTypeID = paddedType
          oneLetterColumns.set(result.rows, found)
          return result
        },
      },
    })
    const reader = Object.create(adapter, { client: { value: readable } }) as typeof adapter
    const queryRaw = adapter.queryRaw.bind(reader)
    adapter.queryRaw = async (sql) => {
      const answer = await queryRaw(sql)
      for (const index of oneLetterColumns.get(answer.rows) ?? []) answer.columnTypes[index] = ColumnTypeEnum.Character
      return answer
    }
    return adapter
  }
}

type Exports = WebAssembly.Exports & { __wbindgen_start(): void }

let loaded: Promise<void> | undefined

// Node 20 cannot import a .wasm file, which the package's own entry does; this is what that entry would have done.
async function loadBindings(): Promise<void> {
  const require = createRequire(import.meta.url)
  const directory = require.resolve('@prisma/schema-engine-wasm/schema_engine_bg').replace(/[^/\\]+$/, '')
  const module = new WebAssembly.Module(readFileSync(`${directory}schema_engine_bg.wasm`))
  const instance = await WebAssembly.instantiate(module, { './schema_engine_bg.js': { ...bindings } })
  const exports = instance.exports as Exports
  bindings.__wbg_set_wasm(exports)
  exports.__wbindgen_start()
}
