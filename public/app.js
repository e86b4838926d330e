/* Improvements nobody needs: every page works without this file. CSP: script-src 'self'. */
;(() => {
  'use strict'

  keepTimesFresh()
  askBeforeSubmitting()
  submitOnce()
  showPasswords()
  copyTexts()
  document.querySelector('[data-error-summary]')?.focus()

  /** «3 минуты назад» stays true while the page is open; older times stay as the server wrote them. */
  function keepTimesFresh() {
    const relative = new Intl.RelativeTimeFormat('ru', { numeric: 'always' })
    const tick = () => {
      for (const time of document.querySelectorAll('time[data-relative]')) {
        const seconds = (Date.now() - new Date(time.dateTime)) / 1000
        if (seconds < 45) time.textContent = 'только что'
        else if (seconds < 3600)
          time.textContent = relative.format(-Math.max(1, Math.round(seconds / 60)), 'minute')
        else if (seconds < 86400)
          time.textContent = relative.format(-Math.round(seconds / 3600), 'hour')
      }
    }
    setInterval(tick, 30000)
  }

  /** `<form data-confirm="id of a dialog">`; without this script the form is sent at once. */
  function askBeforeSubmitting() {
    for (const form of document.querySelectorAll('form[data-confirm]')) {
      const dialog = document.getElementById(form.dataset.confirm)
      if (!dialog?.showModal) continue
      form.addEventListener('submit', (event) => {
        if (form.dataset.confirmed) return
        event.preventDefault()
        dialog.showModal()
      })
      dialog.addEventListener('close', () => {
        if (dialog.returnValue !== 'yes') return
        form.dataset.confirmed = '1'
        form.requestSubmit()
      })
    }
  }

  /** A second click does not send a form twice; Back finds the buttons alive again. */
  function submitOnce() {
    document.addEventListener('submit', (event) => {
      const button = event.submitter
      if (event.defaultPrevented || !button || event.target.method !== 'post') return
      setTimeout(() => {
        button.disabled = true
        button.setAttribute('aria-busy', 'true')
      }, 0)
    })
    window.addEventListener('pageshow', () => {
      for (const button of document.querySelectorAll('button[aria-busy]')) {
        button.disabled = false
        button.removeAttribute('aria-busy')
      }
    })
  }

  function showPasswords() {
    for (const button of document.querySelectorAll('[data-toggle-password]')) {
      const input = document.getElementById(button.dataset.togglePassword)
      button.hidden = false
      button.addEventListener('click', () => {
        const show = input.type === 'password'
        input.type = show ? 'text' : 'password'
        button.setAttribute('aria-pressed', String(show))
        button.textContent = show ? 'Скрыть пароль' : 'Показать пароль'
      })
    }
  }

  /** Copying needs a secure context; where there is none the button stays hidden. */
  function copyTexts() {
    if (!navigator.clipboard) return
    for (const button of document.querySelectorAll('[data-copy]')) {
      button.hidden = false
      button.addEventListener('click', async () => {
        await navigator.clipboard.writeText(
          document.getElementById(button.dataset.copy).textContent.trim(),
        )
        if (button.nextElementSibling) button.nextElementSibling.textContent = 'Скопировано'
      })
    }
  }
})()
