/** A file of ours, so that the library can wait for the first letter. */
export { createTransport } from 'nodemailer'
