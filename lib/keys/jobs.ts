import 'server-only'
import { recordSealedRows, reportLostKeys } from '@/lib/keys/counting'

/** `count-sealed-rows` counts what is sealed under which key, and alerts where no running process has that key. */
export const keyJobs = {
  handlers: {
    'count-sealed-rows': async () => {
      await recordSealedRows()
      await reportLostKeys()
    },
  },
  timetable: '*/5 * * * * count-sealed-rows',
}
