import 'server-only'
import { checkRestore } from '@/lib/restores/check'
import { detectRestore } from '@/lib/restores/commands'
import { updateLedger } from '@/lib/restores/ledger-writer'

export const restoreJobs = {
  handlers: {
    ledger: async () => {
      await detectRestore()
      await checkRestore()
      await updateLedger()
    },
  },
  timetable: '* * * * * ledger',
}
