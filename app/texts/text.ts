/** Words for every code: what happened, why, what to do now. Gaps of a platform's name are those of `NameGap`. */
export interface Text {
  tone: 'bad' | 'warn' | 'info'
  title: string
  why: string
  /** Follows «Что сделать:». */
  what: string
  /** The one button that goes with it. */
  button: 'connect' | 'reconnect' | 'check' | 'retry' | 'login' | 'forgot' | 'back' | 'none'
}

/** Words for what can happen to a run and to a card: what happened, why, what to do now. Pages fill in the gaps. */
export interface SyncText extends Omit<Text, 'button'> {
  button: Text['button'] | 'settings' | 'open' | 'confirm' | 'help'
}
