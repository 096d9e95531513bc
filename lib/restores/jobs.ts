import 'server-only'
import { checkRestore } from '@/lib/restores/check'
import { noticeRestore } from '@/lib/restores/commands'
import { updateLedger } from '@/lib/restores/ledger-writer'

/** `ledger` looks whether the database was restored, checks it if so, and otherwise tells the ledger what happened. */
export const restoreJobs = {
  handlers: {
    ledger: async () => {
      await noticeRestore()
      await checkRestore()
      await updateLedger()
    },
  },
  timetable: '* * * * * ledger',
}
