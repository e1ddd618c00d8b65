DELETE FROM notification_templates WHERE notice_type = 'fiscal_failed';
