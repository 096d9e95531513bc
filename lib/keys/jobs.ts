import 'server-only'
import { recordSealedRows, reportLostKeys } from '@/lib/keys/counting'

export const keyJobs = {
  handlers: {
    'count-sealed-rows': async () => {
      await recordSealedRows()
      await reportLostKeys()
    },
  },
  timetable: '*/5 * * * * count-sealed-rows',
}
