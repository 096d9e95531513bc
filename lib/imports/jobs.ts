import 'server-only'
import { system } from '@/lib/actor'
import { db } from '@/lib/db'
import { undoDays } from '@/lib/imports/import'
import { readImport } from '@/lib/imports/reading'
import { saveReadImport, undoSavedImport } from '@/lib/imports/saving'
import { applyHeldImports } from '@/lib/imports/saving-people'

const textOf = (value: unknown) => (typeof value === 'string' ? value : '')

/** Files that nobody saved are forgotten after a week, and the rows of others once they can no longer be undone. */
async function forgetImports(): Promise<void> {
  const old = { madeAt: { lt: new Date(Date.now() - 7 * 86_400_000) } }
  await db().importRow.deleteMany({ where: { import: { ...old, state: { in: ['preview', 'held'] } } } })
  const over = { savedAt: { lt: new Date(Date.now() - (undoDays + 1) * 86_400_000) } }
  await db().importRow.deleteMany({ where: { import: over } })
  await db().import.updateMany({
    where: { ...old, state: { in: ['preview', 'held'] } },
    data: { state: 'discarded', file: null },
  })
}

export const importJobs = {
  handlers: {
    'read-import': ({ importId }: Record<string, unknown>) => readImport(textOf(importId)),
    'save-import': async ({ importId, requestId }: Record<string, unknown>) => {
      await saveReadImport(system, textOf(importId), textOf(requestId))
    },
    'undo-import': ({ importId, requestId }: Record<string, unknown>) =>
      undoSavedImport(system, textOf(importId), textOf(requestId)),
    'apply-held-imports': () => applyHeldImports(),
    'forget-imports': forgetImports,
  },
  timetable: ['*/15 * * * * apply-held-imports', '41 2 * * * forget-imports'].join('\n'),
}
