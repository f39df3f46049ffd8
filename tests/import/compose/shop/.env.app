# what every process needs
MAIL_FROM="Corner Shop <shop@example.com>"
export SMTP_PASSWORD='never-to-be-seen'
LOCALE=de # German
