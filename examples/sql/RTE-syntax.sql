SELECT 3 + FROM nothing;
