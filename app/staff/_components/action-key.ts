/** Message keys are nested at dots: `grant.saved` is `grant-saved`. */
export const actionKey = (action: string) => action.replaceAll('.', '-')
