/**
 * What is waited for, but no longer than so many seconds: what never comes is named then, with how things stand, instead
 * of being waited for until somebody looks.
 */
export async function within<T>(
  seconds: number,
  what: string,
  awaited: Promise<T>,
  explain: () => string = () => '',
): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    const giveUp = () => reject(new Error(`waited ${seconds} s in vain for ${what}. ${explain()}`.trim()))
    timer = setTimeout(giveUp, seconds * 1_000)
  })
  try {
    return await Promise.race([awaited, late])
  } finally {
    clearTimeout(timer)
  }
}
