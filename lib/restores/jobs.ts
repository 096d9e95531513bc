import 'server-only'
import { checkRestore } from '@/lib/restores/check'
import { noticeRestore } from '@/lib/restores/commands'
import { updateLedger } from '@/lib/restores/ledger-writer'

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
