-- When a request for a review was taken back. Requests that were read before know it after the next full reading.

ALTER TABLE review_requests ADD COLUMN IF NOT EXISTS withdrawn_at Nullable(DateTime('UTC'));
