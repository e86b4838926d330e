/** A word with its colour; `icon` is a Bootstrap icon's class. */
export interface Badge {
  word: string
  tone: 'success' | 'secondary' | 'warning' | 'danger'
  icon: string
}
